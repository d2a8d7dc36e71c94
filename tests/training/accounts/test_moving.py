"""Leaving, returning, and going over to another organisation."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import races
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from training.accounts import sessions, transfers
from training.accounts.models import Organisation, Person, RoleGrant, SignInSession
from training.audit import AuditEvent
from training.errors import Forbidden, Invalid
from training.permissions import Grant, Role, Viewer


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation that is left."""
    return make.organisation()


@pytest.fixture
def admin(make: Factory, home: Organisation) -> Person:
    """Return its administrator."""
    return make.person(Role.ADMINISTRATOR, organisation=home)


@pytest.fixture
def new_admin(make: Factory) -> Person:
    """Return the administrator of the organisation somebody goes to."""
    return make.person(Role.ADMINISTRATOR)


def viewer_of(person: Person) -> Viewer:
    """Return somebody as administrator of their organisation."""
    home = person.organisation_id
    return Viewer(person.id, home, (Grant(Role.ADMINISTRATOR, home),))


def row(make: Factory, person: Person) -> Person:
    """Return somebody as the database has them."""
    return make.rows(select(Person).where(Person.id == person.id))[0]


def test_who_has_left_is_signed_out_and_cannot_sign_in_until_they_return(
    admin: Person, make: Factory, home: Organisation, browser: Browsers
) -> None:
    person = make.person(Role.TRAINER, organisation=home)
    desk, theirs = browser(admin), browser(person)
    theirs.get("/")
    desk.get(f"/people/{person.id}/leave")
    for _ in range(2):
        desk.post(f"/people/{person.id}/leave")
    theirs.get("/", expect=303)
    browser(person).get("/", expect=303)
    text = desk.get(f"/people/{person.id}").text
    assert "left on" in text
    assert "Make a new start code" not in text
    assert row(make, person).left_at is not None
    desk.post(f"/people/{person.id}/return")
    browser(person).get("/progress/")
    actions = [e.action for e in make.rows(select(AuditEvent).order_by(AuditEvent.id))]
    assert actions == ["person.left", "person.returned"]


def test_nobody_leaves_returns_or_is_released_by_their_own_hand(
    admin: Person, browser: Browsers
) -> None:
    page = browser(admin)
    assert "This is you." in page.get(f"/people/{admin.id}/leave").text
    for act in ("leave", "return", "transfer"):
        page.post(f"/people/{admin.id}/{act}", expect=403)


def test_people_of_another_organisation_do_not_exist(
    admin: Person, new_admin: Person, browser: Browsers
) -> None:
    page = browser(admin)
    page.get(f"/people/{new_admin.id}/leave", expect=404)
    for act in ("leave", "return", "transfer"):
        page.post(f"/people/{new_admin.id}/{act}", expect=404)


def test_going_over_takes_the_account_along_and_leaves_every_right_behind(
    admin: Person, new_admin: Person, make: Factory, home: Organisation, browser: Browsers
) -> None:
    person = make.person(Role.TRAINER, organisation=home, unit_id=make.unit(home).id)
    theirs = browser(person)
    text = browser(admin).post(f"/people/{person.id}/transfer", expect=200).text
    code = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", text)[0]
    page = browser(new_admin)
    page.post("/people/arrive", {"code": code.lower().replace("-", " ")})
    after = row(make, person)
    assert after.organisation_id == new_admin.organisation_id
    assert (after.unit_id, after.personnel_number) == (None, None)
    assert (after.user_name, after.password_hash) == (person.user_name, person.password_hash)
    assert not make.rows(select(RoleGrant).where(RoleGrant.person_id == person.id))
    theirs.get("/", expect=303)
    browser(admin).get(f"/people/{person.id}", expect=404)
    page.get(f"/people/{person.id}")
    page.post("/people/arrive", {"code": code}, expect=422)
    events = make.rows(select(AuditEvent).order_by(AuditEvent.id))
    assert [e.action for e in events] == ["transfer.made", "person.transferred"]
    assert code not in str([e.detail for e in events])


@pytest.mark.parametrize("code", ["", "x", "0000-0000-0000-0000-0000", "\0", "\u202e", "a" * 61])
def test_a_code_of_no_use_is_refused_beside_its_field(
    code: str, admin: Person, browser: Browsers
) -> None:
    browser(admin).post("/people/arrive", {"code": code}, expect=422)


def released(session: Session, make: Factory, admin: Person, home: Organisation) -> Person:
    """Make somebody who has been released with the code `code`."""
    person = make.person(organisation=home)
    transfers.release(session, viewer_of(admin), person.id, "code", at=NOW)
    session.commit()
    return person


def test_a_code_ends_after_fourteen_days_and_when_a_newer_one_is_made(
    admin: Person, new_admin: Person, make: Factory, home: Organisation, session: Session
) -> None:
    person, viewer = released(session, make, admin, home), viewer_of(new_admin)
    with pytest.raises(Invalid):
        transfers.take_over(session, viewer, "code", at=NOW + timedelta(days=14))
    transfers.release(session, viewer_of(admin), person.id, "newer", at=NOW)
    session.commit()
    with pytest.raises(Invalid):
        transfers.take_over(session, viewer, "code", at=NOW)
    with pytest.raises(Invalid, match="already"):
        transfers.take_over(session, viewer_of(admin), "newer", at=NOW)
    assert transfers.take_over(session, viewer, "newer", at=NOW).id == person.id


def test_nobody_takes_themselves_over(
    admin: Person, make: Factory, home: Organisation, session: Session
) -> None:
    person, elsewhere = released(session, make, admin, home), make.organisation()
    viewer = Viewer(person.id, elsewhere.id, (Grant(Role.ADMINISTRATOR, elsewhere.id),))
    with pytest.raises(Forbidden):
        transfers.take_over(session, viewer, "code", at=NOW)


def test_a_code_used_eight_times_at_once_works_once(
    admin: Person, make: Factory, home: Organisation, session: Session, engine: Engine
) -> None:
    person = released(session, make, admin, home)
    viewers = [viewer_of(make.person(Role.ADMINISTRATOR)) for _ in range(races.TIMES)]
    sessions.begin(session, person.id, own_device=False, at=NOW)
    session.commit()

    def act(current: Session, number: int) -> bool:
        try:
            transfers.take_over(current, viewers[number], "code", at=NOW)
        except Invalid:
            return False
        return True

    assert races.at_once(engine, act).count(True) == 1
    open_sessions = select(SignInSession).where(SignInSession.ended_at.is_(None))
    assert not make.rows(open_sessions)
