"""Which roles people hold; each function runs in the caller's transaction."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training import audit
from training.accounts.codes import START_CODE_FOR
from training.accounts.models import Category, Organisation, Person, RoleGrant, Unit
from training.accounts.services import create_person, managed
from training.errors import Forbidden, Invalid, NotFound
from training.permissions import OF_A_UNIT, Role, Viewer


def grants_of(session: Session, person_id: int) -> list[RoleGrant]:
    """Return the roles a person has been given."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id)
    return list(session.scalars(query.order_by(RoleGrant.role)))


def grant_role(
    session: Session,
    viewer: Viewer,
    person_id: int,
    role: Role,
    ends_on: date | None,
    *,
    at: datetime,
    unit_id: int | None = None,
) -> None:
    """Give a person a role within their organisation; giving it again moves its last day.

    Who commands has it for one unit. Raises `Invalid` for a unit of another organisation.
    """
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot change your own roles.")
    if role in OF_A_UNIT:
        _refuse_strange_unit(session, person, unit_id)
    held = {"person_id": person.id, "role": role, "organisation_id": person.organisation_id}
    grant = session.scalars(select(RoleGrant).filter_by(**held)).first() or RoleGrant(**held)
    grant.ends_on = ends_on
    grant.unit_id = unit_id if role in OF_A_UNIT else None
    session.add(grant)
    audit.record(
        session,
        "role.granted",
        "person",
        person.id,
        actor_id=viewer.person_id,
        at=at,
        role=role.value,
        **({"unit_id": grant.unit_id} if grant.unit_id else {}),
    )


def _refuse_strange_unit(session: Session, person: Person, unit_id: int | None) -> None:
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit is None or unit.organisation_id != person.organisation_id:
        raise Invalid("unit_id", "There is no such unit.")


def revoke_role(
    session: Session, viewer: Viewer, person_id: int, grant_id: int, *, at: datetime
) -> None:
    """Take a role away. Raises `NotFound` when it is not that person's."""
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot change your own roles.")
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.person_id != person.id:
        raise NotFound("There is no such role.")
    session.delete(grant)
    audit.record(
        session,
        "role.revoked",
        "person",
        person.id,
        actor_id=viewer.person_id,
        at=at,
        role=grant.role.value,
    )


def create_administrator(
    session: Session,
    organisation: str,
    user_name: str,
    printed_name: str,
    hashed_code: str,
    *,
    at: datetime,
) -> Person:
    """Make the first administrator of an organisation, and the organisation when it is new."""
    found = session.scalars(select(Organisation).where(Organisation.name == organisation)).first()
    home = found or Organisation(name=organisation)
    session.add(home)
    session.flush()
    viewer = Viewer(0, home.id)
    values = {"user_name": user_name.strip().lower(), "printed_name": printed_name.strip()}
    person = create_person(
        session, viewer, values | {"category": Category.CIVILIAN, "language": "en"}, at=at
    )
    person.start_code_hash = hashed_code
    person.start_code_expires_at = at + START_CODE_FOR
    session.add(RoleGrant(person_id=person.id, role=Role.ADMINISTRATOR, organisation_id=home.id))
    return person
