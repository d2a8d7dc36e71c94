"""The board: who sees what of it, what it says, and what is written down of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from modules.catalogue.models import Course
from tests.certificates.readiness.rotation import requirement
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.test_budgets import TRANSACTION
from training import clock
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.missions.models import Deployment, Mission, Rotation
from training.permissions import Role


@pytest.fixture(autouse=True)
def _on_the_day_of_the_factories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_the_board_names_the_reason_and_a_remedy_for_each_requirement(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home, printed_name="Noor Bos")
    deployment = make.deployment(person, mission)
    page = browser(trainer).get("/readiness/").text
    assert "not assigned" in page
    assert f"/assignments/new?to={person.user_name}" in page
    assert "Mission to Nowhere" not in page.split("</title>")[0]
    assert "If nothing more happens, 1 of them will not be ready" in page
    make.assignment(person, course, due_on=TODAY - timedelta(days=1))
    page = browser(trainer).get(f"/readiness/{deployment.id}").text
    assert "was due on 23 November 2026" in page
    assert "/waivers/ask/" in page


def test_one_person_who_is_on_schedule_has_a_page_that_offers_a_waiver(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission, starts_on=TODAY + timedelta(days=90))
    make.assignment(person, course, due_on=TODAY + timedelta(days=60))
    answer = browser(trainer).get(f"/readiness/{deployment.id}")
    assert answer.status_code == 200
    assert "Ask for a waiver" in answer.text


def test_who_leaves_shortly_is_at_risk_because_of_that_whatever_the_due_date(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person, leaves_on = make.person(organisation=home), TODAY + timedelta(days=8)
    make.deployment(person, mission, starts_on=leaves_on)
    make.assignment(person, course, due_on=TODAY + timedelta(days=24))
    page = browser(trainer)
    shown = page.get(f"/readiness/?on={TODAY.isoformat()}").text
    assert f"not finished, and leaves on {leaves_on:%-d %B %Y}" in shown
    assert f"due on {TODAY + timedelta(days=24):%-d %B %Y}" not in shown


def test_courses_are_named_only_where_they_do_not_all_stand_alike(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    make.deployment(make.person(organisation=home), mission)
    page = browser(trainer)
    assert "All training" not in page.get("/readiness/").text
    again = requirement(make, home.id, course, max_age_days=100)
    assert "All training: not assigned" in page.get("/readiness/").text
    again.functions = ["genad"]
    make.session.commit()
    assert "All training" not in page.get("/readiness/").text


def test_before_anything_is_required_the_board_says_so(
    make: Factory, browser: Browsers, home: Organisation, trainer: Person, mission: Mission
) -> None:
    make.deployment(make.person(organisation=home), mission)
    assert "Nothing is required of these people yet" in browser(trainer).get("/readiness/").text


def test_a_mission_module_not_written_stands_apart_from_the_people(
    make: Factory, browser: Browsers, home: Organisation, trainer: Person, mission: Mission
) -> None:
    requirement(make, home.id, None)
    make.deployment(make.person(organisation=home), mission)
    page = browser(trainer).get("/readiness/").text
    assert "Still to be written by the trainers" in page
    assert "Nothing is missing." in page


def test_the_commander_only_reads(
    make: Factory, browser: Browsers, course: Course, home: Organisation, mission: Mission
) -> None:
    requirement(make, home.id, course)
    commander = make.person(Role.COMMANDER, organisation=home)
    mine = make.person(organisation=home, printed_name="Noor Inside")
    other = make.person(organisation=home, printed_name="Bram Outside")
    seen = make.deployment(mine, mission, unit_id=commander.unit_id)
    hidden = make.deployment(other, make.mission(name="Elsewhere"))
    page = browser(commander)
    text = page.get("/readiness/").text
    assert "Noor Inside" in text
    assert "Bram Outside" not in text
    assert "Elsewhere" not in text
    assert "/assignments/" not in text
    assert "/waivers/" not in text
    assert "/waivers/" not in page.get(f"/readiness/{seen.id}").text
    page.get(f"/readiness/{hidden.id}", expect=404)
    page.get("/waivers/", expect=403)


def test_the_board_narrows_to_a_mission_a_rotation_a_unit_a_day_and_a_state(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    rotation = Rotation(
        mission_id=mission.id, name="R1", starts_on=TODAY, ends_on=TODAY + timedelta(days=9)
    )
    make.session.add(rotation)
    make.session.commit()
    unit = make.unit(home)
    first, second = (make.person(organisation=home, printed_name=n) for n in ("Ada A", "Bo B"))
    make.deployment(first, mission, rotation_id=rotation.id, unit_id=unit.id)
    make.deployment(second, make.mission())
    page = browser(trainer)
    for query in (f"mission={mission.id}", f"rotation={rotation.id}", f"unit={unit.id}"):
        text = page.get(f"/readiness/?{query}").text
        assert "Ada A" in text, query
        assert "Bo B" not in text, query
    assert "Ada A" in page.get("/readiness/?state=risk").text
    assert "Ada A" not in page.get("/readiness/?state=ready").text
    later = (TODAY + timedelta(days=40)).isoformat()
    assert "Ada A" in page.get(f"/readiness/?state=notready&on={later}").text
    page.get("/readiness/?on=never", expect=422)
    page.get("/readiness/?mission=x", expect=422)


@pytest.mark.parametrize("kind", ["export.csv", "export.xlsx", "print"])
def test_every_file_and_print_says_for_whom_and_is_written_down(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission, kind: str,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    make.deployment(make.person(organisation=home), mission)
    answer = browser(trainer).get(f"/readiness/{kind}?mission={mission.id}")
    if not kind.endswith("xlsx"):
        assert f"made for {trainer.printed_name} on" in answer.text
    answer.close()
    assert "Nowhere" not in answer.headers.get("Content-Disposition", "")
    event = make.rows(select(AuditEvent).where(AuditEvent.action == "readiness.exported"))[0]
    assert (event.actor_id, event.detail["rows"]) == (trainer.id, 1)


@pytest.mark.parametrize("where", ["", "export.csv", "export.xlsx", "print"])
@pytest.mark.parametrize("asked", ["mission=9", "unit=9", "mission=x", "on=x", "state=at-risk"])
def test_a_filter_that_cannot_be_is_refused_and_never_a_list_of_nobody(
    make: Factory, browser: Browsers, home: Organisation, trainer: Person, mission: Mission,
    where: str, asked: str,
) -> None:  # fmt: skip
    make.deployment(make.person(organisation=home), mission)
    page = browser(trainer)
    answer = page.get(f"/readiness/{where}?{asked}", expect=422)
    assert "One thing needs your attention" in answer.text
    assert not make.rows(select(AuditEvent).where(AuditEvent.action == "readiness.exported"))


def test_a_mission_on_which_nobody_goes_any_more_is_refused_in_words(
    make: Factory, browser: Browsers, trainer: Person
) -> None:
    address = f"/readiness/?mission={make.mission(name='Ended').id}"
    assert (
        "Nobody whom you may see goes with this." in browser(trainer).get(address, expect=422).text
    )


def test_the_list_pages_by_key(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    for person in make.crowd(home.id, 60):
        make.deployment(person, mission)
    page = browser(trainer)
    first = page.get("/readiness/").text
    assert "Robin Crowd 49" in first
    assert "Robin Crowd 50" not in first
    onward = first.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    assert "Robin Crowd 50" in page.get(onward.replace("&amp;", "&")).text


@pytest.mark.parametrize("rows", [1, 300])
def test_the_board_stays_within_the_budget_of_a_list(
    make: Factory, browser: Browsers, course: Course, home: Organisation, trainer: Person,
    mission: Mission, statements: list[str], rows: int,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    requirement(make, home.id, None)
    for person in make.crowd(home.id, rows):
        make.session.add_all([make_row(person, mission)])
    make.session.commit()
    page = browser(trainer)
    page.get("/readiness/")
    del statements[:]
    page.get("/readiness/")
    asked = [s for s in statements if not s.startswith(TRANSACTION)]
    assert len(asked) <= 7, asked


def make_row(person: Person, mission: Mission) -> object:
    """Return a deployment that is not committed yet."""
    return Deployment(
        organisation_id=person.organisation_id,
        person_id=person.id,
        mission_id=mission.id,
        category=person.category,
        starts_on=TODAY + timedelta(days=40),
        ends_on=TODAY + timedelta(days=200),
    )
