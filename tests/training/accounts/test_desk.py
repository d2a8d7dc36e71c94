"""The administrator's desk: whose people it reaches, and what nobody does to themselves."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import TODAY, Factory
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import embedded
from training.accounts.models import Organisation, Person, RoleGrant
from training.addresses import LARGEST_ID
from training.audit import AuditEvent
from training.permissions import Role

PERSON = {"printed_name": "Kim Lee", "user_name": "kim", "category": "police", "language": "en"}
DESK: list[tuple[str, str, dict[str, str]]] = [
    ("get", "/people/{person}", {}),
    ("get", "/people/{person}/edit", {}),
    ("post", "/people/{person}/edit", PERSON),
    ("post", "/people/{person}/start-code", {}),
    ("post", "/people/{person}/roles", {"role": "trainer"}),
    ("post", "/people/{person}/roles/{grant}/revoke", {}),
]


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of the administrator."""
    return make.organisation()


@pytest.fixture
def admin(make: Factory, home: Organisation) -> Person:
    """Return an administrator who has a colleague."""
    make.person(Role.TRAINER, organisation=home)
    return somebody(make, Role.ADMINISTRATOR, organisation=home)


def grant_of(session: Session, person: Person) -> int:
    """Return the number of a person's only role."""
    found = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == person.id)).one()
    session.commit()
    return found


def test_people_of_another_organisation_do_not_exist_on_any_page_of_the_desk(
    admin: Person, make: Factory, browser: Browsers, session: Session
) -> None:
    theirs = make.person(Role.TRAINER)
    grant, page = grant_of(session, theirs), browser(admin)
    for method, path, fields in DESK:
        where = path.format(person=theirs.id, grant=grant)
        options: dict[str, Any] = {"data": fields} if method == "post" else {}
        assert (
            "There is no such person." in getattr(page, method)(where, expect=404, **options).text
        )
    assert grant_of(session, theirs) == grant
    assert session.scalars(select(AuditEvent)).first() is None


@pytest.mark.parametrize("number", [0, LARGEST_ID, LARGEST_ID + 1, 2**63, 10**30])
def test_a_number_that_nobody_has_is_not_found(
    number: int, admin: Person, browser: Browsers
) -> None:
    page = browser(admin)
    page.get(f"/people/{number}", expect=404)
    page.post(f"/people/{number}/start-code", expect=404)
    page.get(f"/people/?after={number}")


def test_a_role_can_only_be_taken_from_the_person_who_has_it(
    admin: Person, home: Organisation, make: Factory, browser: Browsers, session: Session
) -> None:
    other, theirs = make.person(organisation=home), make.person(Role.TRAINER)
    mine = make.person(Role.HR, organisation=home)
    for holder in (theirs, mine):
        grant = grant_of(session, holder)
        browser(admin).post(f"/people/{other.id}/roles/{grant}/revoke", expect=404)
        assert grant_of(session, holder) == grant


def test_nobody_resets_their_own_access_or_changes_their_own_roles(
    admin: Person, browser: Browsers, session: Session
) -> None:
    page, grant = browser(admin), grant_of(session, admin)
    for path, fields in (
        (f"/people/{admin.id}/start-code", {}),
        (f"/people/{admin.id}/roles", {"role": "hr"}),
        (f"/people/{admin.id}/roles/{grant}/revoke", {}),
    ):
        assert "your own" in page.post(path, fields, expect=403).text
    assert grant_of(session, admin) == grant
    enter(browser(None), admin.user_name)
    assert session.scalars(select(AuditEvent)).first() is None


def test_a_new_start_code_ends_password_and_sessions_and_is_shown_once(
    admin: Person, home: Organisation, make: Factory, browser: Browsers
) -> None:
    person = somebody(make, organisation=home)
    old, desk = browser(person), browser(admin)
    shown = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
    first = shown.search(desk.post(f"/people/{person.id}/start-code", expect=200).text)
    assert first is not None
    assert not shown.search(desk.get(f"/people/{person.id}").text)
    old.get("/", expect=303)
    enter(browser(None), person.user_name, expect=422)
    desk.post(f"/people/{person.id}/start-code", expect=200)
    enter(browser(None), person.user_name, first[0], expect=422)


def test_a_role_is_given_moved_and_taken_away_with_an_event_for_each(
    admin: Person, home: Organisation, make: Factory, browser: Browsers, session: Session
) -> None:
    person, page = make.person(organisation=home), browser(admin)
    day = TODAY + timedelta(days=400)
    page.post(f"/people/{person.id}/roles", {"role": "trainer", "ends_on": day.isoformat()})
    assert "24 November 2026" not in page.get(f"/people/{person.id}").text
    page.post(f"/people/{person.id}/roles", {"role": "trainer", "ends_on": ""})
    held = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
    session.commit()
    assert (held.ends_on, held.organisation_id) == (None, home.id)
    page.post(f"/people/{person.id}/roles/{held.id}/revoke")
    assert "No role." in page.get(f"/people/{person.id}").text
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["role.granted", "role.granted", "role.revoked"]
    assert {(event.actor_id, event.subject_id) for event in events} == {(admin.id, person.id)}


def test_who_commands_gets_the_role_for_a_unit_of_their_organisation(
    admin: Person, home: Organisation, make: Factory, browser: Browsers, session: Session
) -> None:
    person, page = make.person(organisation=home), browser(admin)
    unit, strange = make.unit(home, name="B Company"), make.unit(make.organisation())
    path = f"/people/{person.id}/roles"
    asked = page.post(path, {"role": "commander"}, expect=422).text
    assert "Please choose the unit this person commands." in asked
    page.post(path, {"role": "commander", "unit_id": str(strange.id)}, expect=422)
    page.post(path, {"role": "commander", "unit_id": str(unit.id)})
    page.post(path, {"role": "hr", "unit_id": str(unit.id)})
    held = session.execute(
        select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.person_id == person.id)
    )
    assert {tuple(row) for row in held} == {(Role.COMMANDER, unit.id), (Role.HR, None)}
    assert '<td data-label="For">B Company</td>' in page.get(f"/people/{person.id}").text


@embedded
def test_the_form_on_a_persons_page_gives_the_role(
    admin: Person, home: Organisation, make: Factory, browser: Browsers
) -> None:
    person, page = make.person(organisation=home), browser(admin)
    for text in (
        page.get(f"/people/{person.id}").text,
        page.post(f"/people/{person.id}/start-code", expect=200).text,
    ):
        assert f'action="/people/{person.id}/roles"' in text


@embedded
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"role": "owner"},
        {"role": "hr", "ends_on": "31/12/2027"},
        {"role": "hr", "ends_on": "2020-01-01"},
        {"role": ""},
    ],
)
def test_a_role_that_does_not_exist_or_has_no_real_last_day_is_refused(
    fields: dict[str, str], admin: Person, home: Organisation, make: Factory, browser: Browsers
) -> None:
    person = make.person(organisation=home)
    browser(admin).post(f"/people/{person.id}/roles", fields, expect=422)


@embedded
def test_a_person_with_a_role_on_the_whole_platform_reaches_everybody(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person, other = make.person(), make.person(printed_name="Kim Elsewhere")
    session.add(RoleGrant(person_id=person.id, role=Role.ADMINISTRATOR))
    session.commit()
    assert "Kim Elsewhere" in browser(person).get(f"/people/{other.id}").text
