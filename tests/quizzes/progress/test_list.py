"""The list of who is where: states, filters, order, pages, and nobody out of scope."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.progress import services
from quizzes.progress.services import Filter
from quizzes.progress.states import Sort, State
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser, Page
from tests.quizzes.progress.conftest import PAST, SOON, Learners, seen
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.permissions import Role, Viewer

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


def listed(
    session: Session, viewer: Viewer, wanted: Filter | None = None
) -> list[tuple[str, State]]:
    """Return the names and states of a page."""
    rows = services.listed(session, viewer, wanted or Filter(), None, TODAY)
    session.commit()
    return [(row.name, row.state) for row in rows]


def test_every_state_is_told_and_those_who_need_attention_come_first(
    session: Session, viewer: Viewer, learners: Learners
) -> None:
    learners.done()
    learners.reading()
    learners.new()
    learners.new("Lars Late", due_on=PAST)
    learners.stuck(due_on=PAST)
    assert listed(session, viewer) == [
        ("Stan Stuck", State.STUCK),
        ("Lars Late", State.LATE),
        ("Nele New", State.NOT_STARTED),
        ("Rosa Reading", State.UNDER_WAY),
        ("Dora Done", State.DONE),
    ]
    for state in State:
        assert [s for _name, s in listed(session, viewer, Filter(state=state))] == [state]


def test_the_last_day_is_not_late(session: Session, viewer: Viewer, learners: Learners) -> None:
    learners.new(due_on=TODAY)
    assert listed(session, viewer) == [("Nele New", State.NOT_STARTED)]


def test_two_failures_are_not_stuck(session: Session, viewer: Viewer, learners: Learners) -> None:
    learners.fail(learners.reading(), 2)
    assert listed(session, viewer) == [("Rosa Reading", State.UNDER_WAY)]


def test_people_of_others_and_closed_accounts_are_not_listed(
    session: Session, viewer: Viewer, make: Factory, course: Course, home: Organisation
) -> None:
    make.assignment(make.person(), course)
    make.assignment(make.person(organisation=home, is_active=False), course)
    assert listed(session, viewer) == []


def test_filters_narrow_by_name_unit_with_those_under_it_and_due_date(
    page: Browser, make: Factory, course: Course, home: Organisation, learners: Learners
) -> None:
    above = make.unit(home, name="Battalion")
    below = make.unit(home, name="Company", parent_id=above.id)
    inside = make.person(organisation=home, unit_id=below.id, printed_name="Ina Inside")
    make.assignment(inside, course, due_on=SOON)
    learners.new("Olaf Outside", due_on=PAST)
    learners.new("Nora Nodate", due_on=None)

    def names(query: str, **sent: str) -> set[str]:
        path = f"/progress/?{query}"
        text = (page.post(path, sent, expect=200) if sent else page.get(path)).text
        return set(re.findall(r"<span>((?:Ina|Olaf|Nora) \w+)</span>", text))

    assert names("") == {"Ina Inside", "Olaf Outside", "Nora Nodate"}
    assert names(f"unit={above.id}") == {"Ina Inside"}
    assert names("", q="outs") == {"Olaf Outside"}
    assert names("state=late", q="ins") == set()
    assert names("q=outs") == names(""), "what stands in an address is no search"
    assert names(f"due_before={TODAY.isoformat()}") == {"Olaf Outside"}
    assert names(f"course={course.id}&state=late") == {"Olaf Outside"}


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_double(
    session: Session,
    viewer: Viewer,
    make: Factory,
    course: Course,
    home: Organisation,
    sort: Sort,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "PAGE", 3)
    for number, person in enumerate(make.crowd(home.id, 11)):
        due = {0: None, 1: PAST, 2: SOON}[number % 3]
        make.assignment(person, course, due_on=due)
    wanted, seen_ids = Filter(sort=sort), list[int]()
    after: int | None = None
    while True:
        rows = services.listed(session, viewer, wanted, after, TODAY)
        seen_ids += [row.assignment_id for row in rows[:3]]
        if len(rows) <= 3:
            break
        after = rows[2].assignment_id
    whole = [row.assignment_id for row in services.everything(session, viewer, wanted, TODAY)]
    assert seen_ids == whole
    assert len(set(whole)) == 11


@pytest.mark.parametrize("rows", [1, 300])
def test_the_list_takes_at_most_seven_statements(
    page: Browser,
    make: Factory,
    course: Course,
    home: Organisation,
    learners: Learners,
    statements: list[str],
    rows: int,
) -> None:
    learners.ask(learners.stuck()) if rows == 1 else None
    make.session.add_all(
        Assignment(person_id=p.id, course_id=course.id, cycle=1, due_on=SOON, assigned_at=NOW)
        for p in make.crowd(home.id, rows)
    )
    make.session.commit()
    first = page.get("/progress/").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    for path in ("/progress/", following[1].replace("&amp;", "&") if following else "/progress/"):
        page.get(path)
        del statements[:]
        page.get(path)
        asked = [s for s in statements if not s.startswith(TRANSACTION)]
        assert len(asked) <= 7, asked


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "q=%E2%80%AE",
        "state=nonsense",
        "course=abc",
        "course=99999999999999999999",
        "unit=-1",
        "unit=99999",
        "due_before=yesterday",
        "sort=age",
        "after=abc",
        "after=99999999999999999999",
        "after=999",
        "q=%25_%5C",
    ],
)
def test_a_bad_filter_is_answered_and_never_breaks(page: Browser, query: str) -> None:
    for path in ("/progress/", "/progress/export.csv", "/progress/export.xlsx"):
        where = f"{path}?{query}"
        answer = page.client.get(where, base_url="https://localhost", buffered=True)
        assert answer.status_code in {200, 404}


def test_a_unit_of_others_is_no_choice(page: Browser, make: Factory) -> None:
    unit = make.unit(make.organisation(), name="Foreign unit")
    text = page.get(f"/progress/?unit={unit.id}").text
    assert "Foreign unit" not in text
    assert "Not a valid choice" in text


def test_hr_follows_and_changes_nothing(browser: Browsers, hr: Person, learners: Learners) -> None:
    assignment = learners.new()
    page = browser(hr)
    text = page.get("/progress/").text
    assert "Nele New" in text
    assert 'name="chosen"' not in text
    assert "Assign training" not in text
    for path in ("/progress/extend", "/progress/assign", "/progress/undo/1"):
        page.post(path, {"chosen": f"{assignment.id}:{SOON}", "due_on": SOON}, expect=403)


def test_a_deployee_does_not_follow(browser: Browsers, make: Factory) -> None:
    for path in ("/progress/", "/progress/export.csv", "/progress/unlock/1"):
        browser(make.person()).get(path, expect=403)


def test_a_viewer_with_two_roles_in_two_places_sees_both(
    session: Session, trainer: Person, make: Factory, course: Course, learners: Learners
) -> None:
    other = make.person()
    make.assignment(other, course)
    learners.new()
    both = seen(trainer)
    elsewhere = seen(other, Role.HR)
    double = Viewer(trainer.id, trainer.organisation_id, both.grants + elsewhere.grants)
    assert len(listed(session, double)) == 2


def test_no_address_holds_what_was_searched_for_and_every_way_on_sends_it(
    page: Browser, make: Factory, course: Course, home: Organisation
) -> None:
    make.session.add_all(
        Assignment(person_id=p.id, course_id=course.id, cycle=1, due_on=SOON, assigned_at=NOW)
        for p in make.crowd(home.id, services.PAGE + 2)
    )
    make.session.commit()
    text = page.post("/progress/", {"q": "crowd", "state": "not_started"}, expect=200).text
    assert not re.search(r"[?&;]q=", text)
    assert "crowd" not in "".join(Page(text).links).lower()
    assert 'method="get"' not in text
    following = re.search(r'action="(/progress/\?[^"]*after=\d+)"', text)
    assert following is not None
    second = page.post(following[1].replace("&amp;", "&"), {"q": "crowd"}, expect=200).text
    assert second.count('name="chosen"') == 2
    buttons = re.findall(r'form="searched" formaction="([^"]+)"', text)
    assert len(buttons) == 5
    for path in buttons:
        page.post(path.replace("&amp;", "&"), {"q": "crowd"}, 200, buffered=True)


def test_an_export_is_on_record_without_what_was_searched_for(
    page: Browser, session: Session, learners: Learners, engine: Engine
) -> None:
    learners.new()
    learners.new("Olaf Outside")
    page.post("/progress/export.csv?state=not_started", {"q": "nele"}, 200, buffered=True)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action.like("%exported"))).one()
    assert event.detail["rows"] == 1
    assert event.detail["filter"] == {"state": "not_started"}
    assert "nele" not in str(event.detail)


def test_the_day_after_the_due_date_is_late(
    session: Session, viewer: Viewer, learners: Learners
) -> None:
    learners.new(due_on=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    rows = services.listed(session, viewer, Filter(), None, tomorrow)
    assert [row.state for row in rows] == [State.LATE]
