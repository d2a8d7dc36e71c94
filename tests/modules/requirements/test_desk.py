"""The desk of rules: as sentences, with what a rule would mean before it is saved."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.requirements import services
from modules.requirements.models import Requirement
from modules.requirements.validity import Span
from modules.requirements.values import written
from tests.conftest import Browsers, Worker
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import DAY, Ruler, Sender
from tests.pages import Browser
from tests.test_budgets import LIST, ROWS, Counter
from training import audit, clock
from training.accounts.models import Organisation, Person
from training.missions.models import Mission
from training.permissions import Viewer

FORESIGHT = 13


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def counter(statements: list[str]) -> Counter:
    """Return what counts."""
    return Counter(statements)


def fields(course: Course, **values: Any) -> dict[str, Any]:
    """Return the form of a rule: the course for everybody."""
    return {
        "course": course.id,
        "component": "",
        "mission_id": 0,
        "span": "start",
        "due_days_before": 30,
        "max_age_days": "",
        "waivable": "y",
        **{f"stand_{n}": "" for n in range(1, 5)},
        **{f"oldest_{n}": "" for n in range(1, 5)},
    } | values


def in_force(make: Factory) -> list[Requirement]:
    """Return the rules that are in force."""
    return make.rows(select(Requirement).where(Requirement.retired_at.is_(None)))


def detail(make: Factory, action: str) -> Any:
    """Return what was written down of an act."""
    query = select(audit.AuditEvent.detail).where(audit.AuditEvent.action == action)
    return make.rows(query)[-1]


def test_a_rule_is_shown_as_a_sentence_with_the_days_of_an_example(
    page: Browser, rule: Ruler
) -> None:
    rule(categories=["police", "military"], frameworks=["un"], max_age_days=183, waivable=False)
    shown = page.get("/requirements/").text
    assert "is required for everybody who goes on a mission (" in shown
    assert "Mission framework: UN; Category: Military or Police" in shown
    assert "It must be finished 30 days before departure, and count on the first day." in shown
    assert "On the first day it may be at most 183 days old." in shown
    assert "No waiver is possible." in shown
    drawn = re.search(r'<svg[^>]+aria-label="(Example: [^"]+)"', shown)
    assert drawn is not None
    assert f'<p class="hint">{drawn[1]}</p>' in shown


def test_saving_first_shows_whom_it_affects_and_who_can_never_meet_it(
    page: Browser,
    make: Factory,
    send: Sender,
    home: Organisation,
    course: Course,
) -> None:
    early, late, gone = (make.person(organisation=home) for _ in range(3))
    send(early)
    send(late, starts_on=TODAY)
    send(gone, starts_on=TODAY - 20 * DAY)
    make.assignment(early, course)
    answer = page.post("/requirements/new", fields(course), expect=200).text
    assert in_force(make) == []
    numbers = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", answer)
    assert numbers == [
        ("People it is about", "3"),
        ("Would newly have to train", "2"),
        ("Deployments that can never meet it", "2"),
    ]
    assert late.printed_name in answer
    assert gone.printed_name in answer
    assert "Has left already" in answer
    assert detail(make, "requirement.foreseen") == {"people": 2}


def test_what_ends_during_every_tour_is_said_never_to_be_met(
    page: Browser, send: Sender, person: Person, course: Course
) -> None:
    send(person, ends_on=TODAY + 2_000 * DAY)
    answer = page.post("/requirements/new", fields(course, span="tour"), expect=200).text
    assert "What it gives would end too soon" in answer


def test_the_second_step_saves_it_and_the_worker_assigns(
    page: Browser,
    make: Factory,
    send: Sender,
    person: Person,
    course: Course,
    worker: Worker,
) -> None:
    send(person)
    wanted = fields(course, categories=["military"], stand_1="core", oldest_1="365", step="save")
    page.post("/requirements/new", wanted)
    (row,) = in_force(make)
    assert (row.categories, row.due_days_before, row.span) == (["military"], 30, Span.START)
    assert detail(make, "requirement.made")["after"]["equivalents"] == [["core", 365]]
    worker()
    assert [a.person_id for a in make.rows(select(Assignment))] == [person.id]


def test_one_can_go_back_and_nothing_typed_is_lost(
    page: Browser, make: Factory, course: Course
) -> None:
    typed = fields(course, due_days_before=77, functions=["genad", "gfp"])
    shown = page.post("/requirements/new", typed, expect=200).text
    sent = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown)
    assert ("functions", "genad") in sent
    assert ("functions", "gfp") in sent
    back = page.post("/requirements/new", typed | {"step": "back"}, expect=200).text
    assert 'value="77"' in back
    assert in_force(make) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"due_days_before": ""}, "Please fill this in."),
        ({"due_days_before": 0}, "Please enter a number from 1 to 3650."),
        ({"max_age_days": -1}, "Please enter a number from 1 to 3650."),
        ({"course": 999}, "Not a valid choice."),
        ({"categories": ["pirates"]}, "is not a valid choice"),
        ({"span": ""}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(
    page: Browser, make: Factory, course: Course, wrong: dict[str, Any], said: str
) -> None:
    answer = page.post("/requirements/new", fields(course) | wrong | {"step": "save"}, expect=422)
    assert said in answer.text
    assert in_force(make) == []


def test_nothing_stands_for_itself_and_a_withdrawn_course_comes_into_no_rule(
    page: Browser, make: Factory, course: Course
) -> None:
    itself = fields(course, stand_1=course.id, step="save")
    assert "This cannot stand" in page.post("/requirements/new", itself, expect=422).text
    make.session.get_one(Course, course.id).withdrawn_at = NOW
    make.session.commit()
    page.post("/requirements/new", fields(course, step="save"), expect=422)
    assert in_force(make) == []


def test_changing_a_rule_is_written_down_with_the_fields(
    page: Browser, make: Factory, rule: Ruler, course: Course, viewer: Viewer
) -> None:
    row = rule()
    shown = json.dumps(written(services.get(make.session, viewer, row.id)))
    make.session.commit()
    changed = fields(course, due_days_before=45, step="save", shown=shown)
    page.post(f"/requirements/{row.id}", changed)
    assert detail(make, "requirement.changed") == {
        "before": {"due_days_before": 30},
        "after": {"due_days_before": 45},
    }


def test_two_who_change_one_rule_see_both_and_nothing_is_lost(
    page: Browser, make: Factory, rule: Ruler, course: Course
) -> None:
    row = rule()
    opened = page.get(f"/requirements/{row.id}").text
    seen = re.search(r'name="shown"[^>]* value="([^"]*)"', opened)
    assert seen is not None
    shown = seen[1].replace("&#34;", '"')
    row.due_days_before = 60
    make.session.commit()
    mine = fields(course, due_days_before=45, step="save", shown=shown)
    answer = page.post(f"/requirements/{row.id}", mine, expect=409).text
    assert "60 days before departure" in answer
    assert "45 days before departure" in answer
    assert [r.due_days_before for r in in_force(make)] == [60]
    seen = re.search(r'name="shown"[^>]* value="([^"]*)"', answer)
    assert seen is not None
    page.post(f"/requirements/{row.id}", mine | {"shown": seen[1].replace("&#34;", '"')})
    assert [r.due_days_before for r in in_force(make)] == [45]


def test_a_rule_of_another_organisation_is_not_there(
    page: Browser, make: Factory, rule: Ruler, course: Course
) -> None:
    row = rule(organisation_id=make.organisation().id)
    page.get(f"/requirements/{row.id}", 404)
    page.post(f"/requirements/{row.id}", fields(course, step="save"), expect=404)
    page.post(f"/requirements/{row.id}/retire", expect=404)
    assert "is required for" not in page.get("/requirements/").text


def test_retiring_a_rule_ends_what_it_gave_and_nobody_began(
    page: Browser,
    make: Factory,
    rule: Ruler,
    send: Sender,
    person: Person,
    worker: Worker,
) -> None:
    row = rule()
    send(person)
    page.post(f"/requirements/{row.id}/retire")
    worker()
    assert make.rows(select(Assignment)) == []
    page.get(f"/requirements/{row.id}", 404)


def test_other_rules_about_the_same_course_are_named_before_saving(
    page: Browser, rule: Ruler, course: Course
) -> None:
    rule(due_days_before=45)
    answer = page.post("/requirements/new", fields(course), expect=200).text
    assert "Other rules about the same training" in answer
    assert "45 days before departure" in answer


def test_an_organisation_without_rules_is_offered_the_standard_ones_once(
    page: Browser, make: Factory, course: Course
) -> None:
    assert "Use the standard rules" in page.get("/requirements/").text
    page.post("/requirements/standard")
    found = [(r.course_id, r.component, r.waivable, r.max_age_days) for r in in_force(make)]
    # Of the tracks there is none yet.
    assert found == [
        (course.id, None, True, None),
        (course.id, "conduct", False, None),
        (None, None, True, 183),
    ]
    page.post("/requirements/standard")
    assert len(in_force(make)) == 3
    assert "Use the standard rules" not in page.get("/requirements/").text


@pytest.mark.parametrize("number", ROWS)
def test_the_list_and_the_foresight_stay_within_their_budget(
    app: Flask,
    page: Browser,
    make: Factory,
    rule: Ruler,
    counter: Counter,
    home: Organisation,
    mission: Mission,
    course: Course,
    number: int,
) -> None:
    first = rule()
    for _ in range(number - 1):
        rule()
    for person in make.crowd(home.id, number):
        make.deployment(person, mission, starts_on=TODAY - timedelta(days=1))
    for path in ("/requirements/", f"/requirements/{first.id}", "/requirements/new"):
        asked = counter.of(page, path)
        assert len(asked) <= LIST, (path, asked)
    page.post("/requirements/new", fields(course), expect=200)
    del counter.statements[:]
    page.post("/requirements/new", fields(course), expect=200)
    asked = counter.asked()
    # With who is signed in, what is called how, and the note of who was named.
    assert len(asked) <= FORESIGHT, asked


def test_the_desk_is_in_the_menu_of_those_who_set_rules(
    page: Browser, browser: Browsers, person: Person
) -> None:
    assert 'href="/requirements/"' in page.get("/").text
    assert 'href="/requirements/"' not in browser(person).get("/").text
