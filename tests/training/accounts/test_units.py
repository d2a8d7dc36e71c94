"""An organisation's details and its tree of units, which never becomes a circle."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import races
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from training import clock
from training.accounts import units
from training.accounts.models import Organisation, Person, Unit
from training.audit import AuditEvent
from training.errors import Invalid, NotFound
from training.permissions import Grant, Role, Viewer

KEPT = {"keep_superseded_days": "90", "keep_answers_months": "24", "keep_records_years": "7"}
DETAILS = {"time_zone": "Europe/Paris", "contact": "Cel P"} | KEPT


@pytest.fixture
def admin(make: Factory) -> Person:
    """Return an administrator."""
    return make.person(Role.ADMINISTRATOR)


@pytest.fixture
def viewer(admin: Person) -> Viewer:
    """Return the administrator as they ask."""
    home = admin.organisation_id
    return Viewer(admin.id, home, (Grant(Role.ADMINISTRATOR, home),))


@pytest.fixture
def page(browser: Browsers, admin: Person) -> Browser:
    """Return the administrator's browser."""
    return browser(admin)


def test_an_organisation_changes_its_details_and_the_change_is_noted_once(
    page: Browser, make: Factory, admin: Person
) -> None:
    fields = DETAILS | {"conduct_inside": "Two\r\nlines", "conduct_checked_on": "2026-01-02"}
    for _ in range(2):
        page.post("/organisation/", fields)
    (home,) = make.rows(select(Organisation).where(Organisation.id == admin.organisation_id))
    assert (home.time_zone, home.contact) == ("Europe/Paris", "Cel P")
    assert str(home.conduct_checked_on) == "2026-01-02"
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "organisation.changed"))
    assert len(events) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"time_zone": "Mars/Olympus"},
        {"conduct_checked_on": "2026-02-30"},
        {"conduct_checked_on": str((clock.now() + timedelta(days=3)).date())},
        {"contact": "a" * 201},
        {"referral": "a\0b"},
        {"gender_adviser": "a\u202eb"},
        *({name: wrong} for name in KEPT for wrong in ("", "0", "-1", "9999", "1.5", "9" * 30)),
    ],
)
def test_bad_details_are_refused(fields: dict[str, str], page: Browser) -> None:
    page.post("/organisation/", DETAILS | fields, expect=422)


def test_how_long_things_are_kept_is_chosen_noted_and_said_to_those_it_is_about(
    page: Browser, make: Factory, admin: Person, browser: Browsers
) -> None:
    chosen = {"keep_superseded_days": "30", "keep_answers_months": "12", "keep_records_years": "10"}
    page.post("/organisation/", DETAILS | chosen)
    (home,) = make.rows(select(Organisation).where(Organisation.id == admin.organisation_id))
    assert {name: str(getattr(home, name)) for name in KEPT} == chosen
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "organisation.changed"))
    assert set(KEPT) <= set(event.detail["fields"])
    mine = browser(make.person(organisation=home, confirmed_name="Robin de Vries")).get("/kept/")
    theirs = browser(make.person(confirmed_name="Robin de Vries")).get("/kept/")
    for shown, years in ((mine, 10), (theirs, 7)):
        day = clock.add_months(clock.now().date(), 12 * years)
        assert f"Until {day.day} {day:%B %Y}" in shown.text


def test_units_are_added_renamed_moved_and_removed(page: Browser, make: Factory) -> None:
    page.post("/organisation/units", {"name": "Brigade", "parent_id": "0"})
    (top,) = make.rows(select(Unit))
    page.post("/organisation/units", {"name": "Coy", "parent_id": str(top.id)})
    page.post("/organisation/units", {"name": "Staf", "parent_id": "0"})
    under = {unit.name: unit for unit in make.rows(select(Unit))}
    text = page.get("/organisation/units").text
    assert text.index("Brigade") < text.index("Coy") < text.index("Staf")
    coy = f"/organisation/units/{under['Coy'].id}"
    page.post(coy, {"name": "A Coy", "parent_id": str(under["Staf"].id)})
    page.post(f"/organisation/units/{top.id}/remove")
    page.post(f"/organisation/units/{under['Staf'].id}/remove")
    left = {unit.name: unit.parent_id for unit in make.rows(select(Unit))}
    assert left == {"A Coy": under["Staf"].id, "Staf": None}


def test_a_unit_with_people_in_it_is_not_removed(
    page: Browser, make: Factory, admin: Person, session: Session
) -> None:
    home = session.get_one(Organisation, admin.organisation_id)
    unit = make.unit(home)
    make.person(organisation=home, unit_id=unit.id)
    page.post(f"/organisation/units/{unit.id}/remove")
    assert "still has people" in page.get(f"/organisation/units/{unit.id}").text
    assert len(make.rows(select(Unit))) == 1


def test_names_beside_each_other_differ(page: Browser, make: Factory) -> None:
    page.post("/organisation/units", {"name": "Coy", "parent_id": "0"})
    page.post("/organisation/units", {"name": "COY ", "parent_id": "0"}, expect=422)
    page.post("/organisation/units", {"name": "Coy", "parent_id": "999"}, expect=422)
    page.post("/organisation/units", {"name": "Coy", "parent_id": "x"}, expect=422)
    page.post("/organisation/units", {"name": "C\0", "parent_id": "0"}, expect=422)
    assert len(make.rows(select(Unit))) == 1


def test_units_of_another_organisation_do_not_exist(
    page: Browser, make: Factory, session: Session, viewer: Viewer
) -> None:
    theirs = make.unit(make.organisation())
    path = f"/organisation/units/{theirs.id}"
    page.get(path, expect=404)
    page.post(path, {"name": "Mine", "parent_id": "0"}, expect=404)
    page.post(f"{path}/remove", expect=404)
    with pytest.raises(Invalid):
        units.add(session, viewer, "Under", theirs.id, at=NOW)
    with pytest.raises(NotFound):
        units.remove(session, viewer, theirs.id, at=NOW)


def test_a_unit_never_lies_within_itself(
    session: Session, viewer: Viewer, engine: Engine, make: Factory
) -> None:
    made = [units.add(session, viewer, f"U{n}", None, at=NOW).id for n in range(races.TIMES)]
    session.commit()

    def act(current: Session, number: int) -> bool:
        parent = made[(number + 1) % len(made)]
        try:
            with current.begin_nested():
                units.change(current, viewer, made[number], f"U{number}", parent, at=NOW)
        except Invalid:
            return False
        return True

    assert races.at_once(engine, act).count(False) == 1
    assert len(units.tree(session, viewer)) == races.TIMES


def test_eight_units_of_one_name_at_once_are_one(
    engine: Engine, viewer: Viewer, make: Factory
) -> None:
    def act(current: Session, _number: int) -> bool:
        try:
            units.add(current, viewer, "Coy", None, at=NOW)
        except Invalid:
            return False
        return True

    assert races.at_once(engine, act).count(True) == 1
    assert len(make.rows(select(Unit))) == 1


@pytest.mark.parametrize("count", [1, 300])
def test_the_tree_takes_seven_statements_at_any_number_of_units(
    count: int, page: Browser, make: Factory, admin: Person, statements: list[str], session: Session
) -> None:
    home = admin.organisation_id
    session.add_all(Unit(organisation_id=home, name=f"Unit {n}") for n in range(count))
    session.commit()
    page.get("/organisation/units")
    statements.clear()
    page.get("/organisation/units")
    assert len([s for s in statements if "BEGIN" not in s]) <= 7
