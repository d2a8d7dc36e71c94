"""Going over to another organisation, by a code of the old one; in the caller's transaction."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from training import audit, crockford
from training.accounts import names, sessions
from training.accounts.models import Organisation, Person, RoleGrant, Transfer
from training.accounts.passwords import plain_code
from training.accounts.services import managed, refuse_merged
from training.accounts.units import organisation
from training.errors import Forbidden, Invalid, spoken
from training.permissions import Viewer

LENGTH = 20  # A hundred bits: nobody guesses it, so tries need not be counted.
VALID_FOR = timedelta(days=14)
UNKNOWN = spoken("This code is not known, was used already, or is older than 14 days.")


def new_code() -> str:
    """Return a code in groups of four, from letters that are not mistaken for each other."""
    return crockford.grouped(crockford.drawn(LENGTH))


def _digest(code: str) -> str:
    return hashlib.sha256(plain_code(code).encode()).hexdigest()


def release(session: Session, viewer: Viewer, person_id: int, code: str, *, at: datetime) -> None:
    """Keep a code by which another organisation takes a person over; older ones end."""
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot release yourself. Ask another administrator.")
    refuse_merged(person)
    _end_all(session, person.id, at)
    session.add(
        Transfer(
            person_id=person.id,
            from_organisation_id=person.organisation_id,
            code_hash=_digest(code),
            made_at=at,
            expires_at=at + VALID_FOR,
        )
    )
    audit.record(session, "transfer.made", "person", person.id, actor_id=viewer.person_id, at=at)


def take_over(session: Session, viewer: Viewer, code: str, *, at: datetime) -> Person:
    """Bring a person into the viewer's organisation. Raises `Invalid` for a code of no use.

    They keep their account and all that they have earned. The number and unit of the old
    organisation and every role end, and so do their sessions.
    """
    home = organisation(session, viewer)
    found = select(Transfer.person_id).where(Transfer.code_hash == _digest(code))
    person = session.get(
        Person, session.scalar(found) or 0, with_for_update=True, populate_existing=True
    )
    transfer = session.scalars(
        select(Transfer)
        .where(Transfer.code_hash == _digest(code))
        .execution_options(populate_existing=True)
    ).first()
    if person is None or transfer is None or not _usable(transfer, person, at):
        raise Invalid("code", UNKNOWN)
    refuse_merged(person)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot take yourself over.")
    if person.organisation_id == home.id:
        raise Invalid("code", "This person is in your organisation already.")
    _move(session, person, home, at)
    transfer.ended_at, transfer.to_organisation_id = at, home.id
    audit.record(
        session,
        "person.transferred",
        "person",
        person.id,
        actor_id=viewer.person_id,
        at=at,
        from_organisation=transfer.from_organisation_id,
        to_organisation=home.id,
    )
    return person


def _usable(transfer: Transfer, person: Person, at: datetime) -> bool:
    fresh = transfer.ended_at is None and transfer.expires_at > at
    return fresh and transfer.from_organisation_id == person.organisation_id


def _move(session: Session, person: Person, home: Organisation, at: datetime) -> None:
    person.organisation_id, person.unit_id, person.personnel_number = home.id, None, None
    person.is_active, person.left_at = True, None
    person.search_tokens = names.tokens(
        person.printed_name, person.native_name, person.user_name, person.email
    )
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    sessions.end_all(session, person.id, at=at)
    _end_all(session, person.id, at)


def _end_all(session: Session, person_id: int, at: datetime) -> None:
    session.execute(
        update(Transfer)
        .where(Transfer.person_id == person_id, Transfer.ended_at.is_(None))
        .values(ended_at=at)
    )
