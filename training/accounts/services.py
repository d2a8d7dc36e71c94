"""What is done with people and their access. Each function runs in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts import names
from training.accounts.models import Person, Unit
from training.errors import Forbidden, Invalid, NotFound, spoken
from training.permissions import Permission, Viewer

PAGE = 50
OF_OTHERS = ("printed_name", "native_name", "rank")
NAME_TAKEN = spoken("Somebody else already has this user name.")
NUMBER_TAKEN = spoken("Somebody else already has this number.")


def within(viewer: Viewer, permission: Permission) -> Select[Person]:
    """Return the query of the people over whom the viewer has a permission."""
    query = select(Person).where(Person.removed_at.is_(None))
    organisations = viewer.organisations(permission)
    if organisations is None:
        return query
    return query.where(Person.organisation_id.in_(organisations))


def managed(session: Session, viewer: Viewer, person_id: int, *, lock: bool = False) -> Person:
    """Return a person the viewer manages. Raises `NotFound` for anybody else's id.

    With `lock` the row is held until the transaction ends.
    """
    query = within(viewer, Permission.MANAGE_PEOPLE).where(Person.id == person_id)
    if lock:
        query = query.with_for_update(of=Person).execution_options(populate_existing=True)
    options = (joinedload(Person.organisation), joinedload(Person.unit))
    person = session.scalars(query.options(*options)).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person


def refuse_merged(person: Person) -> None:
    """Refuse to open or hand on a record which another one of the same person took over."""
    if person.merged_into_id is not None:
        raise Forbidden("This record was merged into another one. Undo that first.")


def matching(query: Select[Person], search: str) -> Select[Person]:
    """Keep the people of whom every word typed begins a name, a user name or a number."""
    for word in names.fold(search).split():
        query = query.where(Person.search_tokens.contains(f" {word}", autoescape=True))
    return query


def page_of(session: Session, query: Select[Person], after: int | None) -> list[Person]:
    """Return one page of a query in name order, and one more person when there is a next page.

    `after` is the id of the person that the page before ended with.
    """
    query = query.options(joinedload(Person.unit))
    if after is not None:
        key = select(Person.sort_name).where(Person.id == after).scalar_subquery()
        query = query.where(tuple_(Person.sort_name, Person.id) > tuple_(key, after))
    return list(session.scalars(query.order_by(Person.sort_name, Person.id).limit(PAGE + 1)))


def people(session: Session, viewer: Viewer, search: str, after: int | None) -> list[Person]:
    """Return one page of the people one manages, and one more when there is a next page."""
    query = matching(within(viewer, Permission.MANAGE_PEOPLE), search)
    return page_of(session, query, after)


def create_person(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, at: datetime
) -> Person:
    """Add a person to the viewer's organisation. Raises `Invalid` for a taken name or number."""
    person = Person(organisation_id=viewer.organisation_id, created_at=at, is_active=True)
    _fill(session, person, values)
    session.add(person)
    _store(session)
    audit.record(session, "person.created", "person", person.id, actor_id=viewer.person_id, at=at)
    return person


def change_person(
    session: Session, viewer: Viewer, person_id: int, values: Mapping[str, Any], *, at: datetime
) -> Person:
    """Change what is recorded of a person; another name, in any script, is to be confirmed again.

    Raises `Invalid` for one's own name and rank.
    """
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        _refuse_own(person, values)
    before = {key: getattr(person, key) for key in values}
    _fill(session, person, values)
    changed = sorted(key for key, value in before.items() if getattr(person, key) != value)
    if "native_name" in changed:
        person.confirmed_name = None
    _store(session)
    audit.record(
        session,
        "person.changed",
        "person",
        person.id,
        actor_id=viewer.person_id,
        at=at,
        fields=changed,
    )
    return person


def _refuse_own(person: Person, values: Mapping[str, Any]) -> None:
    # What a certificate names its holder by is never the holder's own doing.
    for key in OF_OTHERS:
        if key in values and values[key] != getattr(person, key):
            raise Invalid(key, "You cannot change this of yourself. Ask another administrator.")


def _fill(session: Session, person: Person, values: Mapping[str, Any]) -> None:
    _refuse_taken(session, person, values)
    for key, value in values.items():
        setattr(person, key, value)
    person.sort_name = names.sort_key(person.printed_name)
    person.search_tokens = names.tokens(
        person.printed_name,
        person.native_name,
        person.user_name,
        person.personnel_number,
        person.email,
    )


def _store(session: Session) -> None:
    # Somebody may have taken the name or the number since it was looked at.
    try:
        session.flush()
    except IntegrityError as error:
        if "personnel_number" in str(error.orig):
            raise Invalid("personnel_number", NUMBER_TAKEN) from error
        raise Invalid("user_name", NAME_TAKEN) from error


def _refuse_taken(session: Session, person: Person, values: Mapping[str, Any]) -> None:
    others = select(Person.id).where(Person.id != (person.id or 0))
    with session.no_autoflush:
        if session.scalar(others.where(Person.user_name == values["user_name"])):
            raise Invalid("user_name", NAME_TAKEN)
        number = values.get("personnel_number")
        same = others.where(
            Person.organisation_id == person.organisation_id, Person.personnel_number == number
        )
        if number and session.scalar(same):
            raise Invalid("personnel_number", NUMBER_TAKEN)
        unit = select(Unit.id).where(Unit.organisation_id == person.organisation_id)
        if values.get("unit_id") and not session.scalar(unit.where(Unit.id == values["unit_id"])):
            raise Invalid("unit_id", "There is no such unit.")


def units(session: Session, organisation_id: int) -> list[Unit]:
    """Return an organisation's units by name."""
    query = select(Unit).where(Unit.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(Unit.name)))
