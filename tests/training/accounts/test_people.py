"""The administrator's desk: adding, changing, finding and listing people."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import at_once
from training.accounts import services
from training.accounts.models import Category, Organisation, Person, RoleGrant
from training.audit import AuditEvent
from training.errors import Invalid
from training.permissions import Grant, Role, Viewer

AT_ONCE = 8
FILLED_IN = {
    "printed_name": "Amina Al-Sayed",
    "native_name": "أمينة السيد",
    "user_name": "Amina.AS",
    "personnel_number": "88.1",
    "rank": "Major",
    "category": "police",
    "unit_id": "0",
    "language": "fr",
    "email": "amina@example.org",
}
STORED: dict[str, Any] = {
    "printed_name": "Amina Al-Sayed",
    "user_name": "amina",
    "category": Category.POLICE,
    "language": "en",
    "unit_id": None,
    "personnel_number": None,
    "native_name": None,
    "rank": None,
    "email": None,
}


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of the administrator."""
    return make.organisation()


@pytest.fixture
def admin(make: Factory, home: Organisation) -> Person:
    """Return an administrator."""
    return make.person(Role.ADMINISTRATOR, organisation=home)


@pytest.fixture
def viewer(admin: Person) -> Viewer:
    """Return that administrator as services know them."""
    grant = Grant(Role.ADMINISTRATOR, admin.organisation_id)
    return Viewer(admin.id, admin.organisation_id, (grant,))


def named(session: Session, user_name: str) -> Person:
    """Return a person by their user name, and let the database go."""
    person = session.scalars(select(Person).where(Person.user_name == user_name)).one()
    session.refresh(person)
    session.commit()
    return person


def test_a_person_is_added_as_filled_in_and_the_event_written_with_it(
    admin: Person, browser: Browsers, session: Session
) -> None:
    page = browser(admin)
    shown = page.get(page.post("/people/new", FILLED_IN).location).text
    person = named(session, "amina.as")
    assert (person.native_name, person.language, person.category) == (
        "أمينة السيد",
        "fr",
        Category.POLICE,
    )
    assert "أمينة السيد" in shown
    assert person.organisation_id == admin.organisation_id
    assert person.unit_id is None
    assert (person.password_hash, person.start_code_hash) == (None, None)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject_id, event.actor_id) == (
        "person.created",
        person.id,
        admin.id,
    )
    assert "Amina" not in str(event.detail)


def test_a_name_in_its_own_script_is_kept_and_found(viewer: Viewer, session: Session) -> None:
    for number, native in enumerate(["李小龍", "محمد علي", "Ольга", "ไทย", "अनिता"]):
        values = STORED | {"native_name": native, "user_name": f"native{number}"}
        services.create_person(session, viewer, values, at=NOW)
        found = services.people(session, viewer, native, None)
        assert [person.native_name for person in found] == [native]


def test_a_change_keeps_what_was_typed_and_names_the_changed_fields(
    admin: Person, browser: Browsers, session: Session
) -> None:
    page = browser(admin)
    page.post("/people/new", FILLED_IN)
    person = named(session, "amina.as")
    text = page.get(f"/people/{person.id}/edit").text
    assert 'value="أمينة السيد"' in text
    assert re.search(r'<option selected value="police">', text)
    page.post(f"/people/{person.id}/edit", FILLED_IN | {"rank": "", "printed_name": "Amina Zed"})
    person = named(session, "amina.as")
    assert (person.rank, person.sort_name) == (None, "zed amina")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.changed")).one()
    assert event.detail == {"fields": ["printed_name", "rank"]}


def test_a_name_in_another_script_is_to_be_confirmed_again_and_a_rank_is_not(
    viewer: Viewer, session: Session
) -> None:
    person = services.create_person(session, viewer, STORED, at=NOW)
    person.confirmed_name = person.printed_name
    services.change_person(session, viewer, person.id, STORED | {"rank": "Major"}, at=NOW)
    assert person.confirmed_name == person.printed_name
    services.change_person(session, viewer, person.id, STORED | {"native_name": "علي"}, at=NOW)
    assert person.confirmed_name is None


@pytest.mark.parametrize("field", ["printed_name", "native_name", "rank"])
def test_nobody_changes_the_name_or_rank_that_their_own_certificate_shows(
    field: str, admin: Person, browser: Browsers, session: Session
) -> None:
    page, path = browser(admin), f"/people/{admin.id}/edit"
    own = {"printed_name": admin.printed_name, "user_name": admin.user_name}
    own |= {"personnel_number": "X-1", "category": "military", "unit_id": "0", "language": "nl"}
    text = page.post(path, own | {field: "General"}, 422).text
    assert re.search(rf'id="{field}-error">.*You cannot change this of yourself', text)
    session.refresh(admin)
    assert admin.printed_name == own["printed_name"]
    assert (admin.native_name, admin.rank) == (None, None)
    session.commit()
    page.post(path, own)
    session.refresh(admin)
    assert admin.personnel_number == "X-1"


def test_two_changes_of_one_person_at_once_write_down_what_each_of_them_changed(
    viewer: Viewer, home: Organisation, make: Factory, engine: Engine, session: Session
) -> None:
    other = make.person(organisation=home, rank="Private")
    values = STORED | {"printed_name": other.printed_name, "user_name": other.user_name}
    at_once(
        engine,
        lambda s, _: services.change_person(
            s, viewer, other.id, values | {"rank": "Major"}, at=NOW
        ),
    )
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.changed"))
    assert sum("rank" in event.detail["fields"] for event in events) == 1


def test_a_refused_change_leaves_neither_row_nor_event(
    viewer: Viewer, make: Factory, session: Session
) -> None:
    make.person(user_name="taken")
    with pytest.raises(Invalid):
        services.create_person(session, viewer, STORED | {"user_name": "taken"}, at=NOW)
    session.commit()
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("user_name", "Somebody else already has this user name."),
        ("personnel_number", "Somebody else already has this number."),
    ],
)
def test_what_somebody_else_has_is_refused_beside_the_field_with_what_was_typed_kept(
    field: str,
    message: str,
    admin: Person,
    home: Organisation,
    make: Factory,
    browser: Browsers,
) -> None:
    values = {"user_name": "taken", "personnel_number": "T-1"}
    other = make.person(None, organisation=home, **values)
    typed = FILLED_IN | {field: values[field]}
    third = make.person(None, organisation=home)
    for path in ("/people/new", f"/people/{third.id}/edit"):
        text = browser(admin).post(path, typed, 422).text
        assert re.search(rf'id="{field}-error">.*{re.escape(message)}', text)
        assert 'value="Amina Al-Sayed"' in text
    browser(admin).post(f"/people/{other.id}/edit", FILLED_IN | values)


def test_a_number_of_another_organisation_is_free_but_a_user_name_is_not(
    viewer: Viewer, make: Factory, session: Session
) -> None:
    make.person(user_name="taken", personnel_number="T-1")
    services.create_person(session, viewer, STORED | {"personnel_number": "T-1"}, at=NOW)
    with pytest.raises(Invalid) as refused:
        services.create_person(session, viewer, STORED | {"user_name": "taken"}, at=NOW)
    assert refused.value.field == "user_name"


def test_a_unit_of_another_organisation_is_refused(
    admin: Person,
    viewer: Viewer,
    home: Organisation,
    make: Factory,
    browser: Browsers,
    session: Session,
) -> None:
    theirs = make.unit(make.organisation())
    ours = make.unit(home, name="3rd Company")
    answer = browser(admin).post("/people/new", FILLED_IN | {"unit_id": str(theirs.id)}, 422)
    assert 'id="unit_id-error"' in answer.text
    assert theirs.name not in answer.text
    with pytest.raises(Invalid) as refused:
        services.create_person(session, viewer, STORED | {"unit_id": theirs.id}, at=NOW)
    assert refused.value.field == "unit_id"
    session.commit()
    page = browser(admin)
    page.post("/people/new", FILLED_IN | {"unit_id": str(ours.id)})
    assert "3rd Company" in page.post("/people/", {"q": "amina"}, expect=200).text


def _send(page: Browser, barrier: Barrier, path: str, fields: dict[str, str]) -> int:
    barrier.wait()
    data = fields | {"csrf_token": page.token}
    return page.client.post(path, data=data, base_url="https://localhost").status_code


def test_eight_administrators_who_add_the_same_person_at_once_add_one(
    app: Flask, admin: Person, session: Session
) -> None:
    pages, barrier = [Browser(app, admin) for _ in range(AT_ONCE)], Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = threads.map(lambda page: _send(page, barrier, "/people/new", FILLED_IN), pages)
        assert sorted(statuses) == [303] + [422] * (AT_ONCE - 1)
    assert session.scalar(select(func.count()).where(Person.user_name == "amina.as")) == 1
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_eight_people_who_take_the_same_number_at_once_leave_it_to_one(
    app: Flask, admin: Person, session: Session
) -> None:
    pages, barrier = [Browser(app, admin) for _ in range(AT_ONCE)], Barrier(AT_ONCE)

    def add(number: int) -> int:
        fields = FILLED_IN | {"user_name": f"amina{number}"}
        return _send(pages[number], barrier, "/people/new", fields)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sorted(threads.map(add, range(AT_ONCE))) == [303] + [422] * (AT_ONCE - 1)
    assert session.scalar(select(func.count()).where(Person.personnel_number == "88.1")) == 1


def test_a_role_given_eight_times_at_once_is_held_once(
    app: Flask, admin: Person, home: Organisation, make: Factory, session: Session
) -> None:
    person = make.person(organisation=home)
    pages, barrier = [Browser(app, admin) for _ in range(AT_ONCE)], Barrier(AT_ONCE)
    path, fields = f"/people/{person.id}/roles", {"role": "trainer"}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = threads.map(lambda page: _send(page, barrier, path, fields), pages)
        assert set(statuses) == {303}
    held = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).all()
    assert [grant.role for grant in held] == [Role.TRAINER]
