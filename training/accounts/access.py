"""How a person gets in: their password, their language, and the name they stand for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training import audit
from training.accounts import sessions
from training.accounts.models import Person, SignInSession
from training.errors import Forbidden, Invalid


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is compared with."""

    person_id: int
    stored: str | None
    by_code: bool


def credentials(session: Session, user_name: str, *, at: datetime) -> Credentials | None:
    """Return the password of an active person, or the start code that stands in for it."""
    person = session.scalars(
        select(Person).where(Person.user_name == user_name.strip().lower(), Person.is_active)
    ).first()
    if person is None:
        return None
    if person.password_hash is not None:
        return Credentials(person.id, person.password_hash, by_code=False)
    expires = person.start_code_expires_at
    valid = expires is not None and expires > at
    return Credentials(person.id, person.start_code_hash if valid else None, by_code=True)


def choose_password(
    session: Session,
    person_id: int,
    hashed: str,
    *,
    session_id: int,
    at: datetime,
    by_code: bool = False,
) -> None:
    """Set a person's own password; the start code is used up and other sessions end.

    Raises `Forbidden` when the session that came by the start code was overtaken by another one.
    """
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if by_code and (person.password_hash is not None or _has_ended(session, session_id)):
        raise Forbidden("This start code has been used or replaced. Please ask for a new one.")
    person.password_hash = hashed
    person.start_code_hash = None
    person.start_code_expires_at = None
    sessions.end_all(session, person_id, at=at, but=session_id)
    audit.record(session, "password.chosen", "person", person_id, actor_id=person_id, at=at)


def _has_ended(session: Session, session_id: int) -> bool:
    row = session.get(SignInSession, session_id, populate_existing=True)
    return row is None or row.ended_at is not None


def still_holds(session: Session, found: Credentials) -> bool:
    """Tell whether what a sign-in was compared with has not been replaced in between."""
    person = session.get_one(Person, found.person_id, with_for_update=True, populate_existing=True)
    stored = person.start_code_hash if found.by_code else person.password_hash
    return person.is_active and stored == found.stored


def dismiss_notice(session: Session, person_id: int) -> None:
    """Stop telling a person that their access was reset."""
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    person.access_reset_by = person.access_reset_at = None


def set_language(session: Session, person_id: int, language: str) -> None:
    """Remember the language a person reads the platform in."""
    session.get_one(Person, person_id).language = language


def confirm_name(
    session: Session, person_id: int, name: str, native_name: str | None, *, at: datetime
) -> None:
    """Keep the holder's word that their name is printed rightly, in both scripts.

    Raises `Invalid` when a name shown is no longer the name on record.
    """
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if (person.printed_name, person.native_name) != (name, native_name):
        raise Invalid("name", "Your name has been changed meanwhile. Please look at it again.")
    person.confirmed_name = name
    audit.record(session, "name.confirmed", "person", person_id, actor_id=person_id, at=at)
