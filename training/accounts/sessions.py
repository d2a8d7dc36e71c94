"""Signed-in browsers: begun, found again, ended; and forms held for a person who comes back."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from training.accounts.models import HeldForm, Organisation, Person, RoleGrant, SignInSession
from training.accounts.reach import held
from training.errors import NotFound
from training.orm import table
from training.permissions import Grant, Viewer

IDLE_LEARNER = timedelta(minutes=30)
IDLE_OTHERS = timedelta(minutes=15)
IDLE_OWN_DEVICE = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
HELD_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=90)
LISTED = 50


@dataclass(frozen=True)
class SignedIn:
    """A signed-in person as Flask-Login and the views see them."""

    token: str
    session_id: int
    person_id: int
    printed_name: str
    user_name: str
    language: str
    time_zone: str
    contact: str  # Whom their organisation says to ask.
    must_choose_password: bool
    must_pass_second_step: bool
    access_reset_by: str | None
    access_reset_at: datetime | None
    viewer: Viewer
    seen_lately: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the token, which is no person's id."""
        return self.token


def digest(token: str) -> str:
    """Return the hash under which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session,
    person_id: int,
    *,
    own_device: bool,
    at: datetime,
    browser: str | None = None,
    second_step: bool = False,
) -> str:
    """Begin a session and return its token, which is kept nowhere else.

    With `second_step` it counts as passed, as in the demonstration.
    """
    token = secrets.token_urlsafe(32)
    used = update(Person).where(Person.id == person_id).values(last_signed_in_on=at.date())
    session.execute(used.execution_options(synchronize_session=False))
    row = SignInSession(
        token_hash=digest(token),
        person_id=person_id,
        own_device=own_device,
        browser=browser,
        created_at=at,
        last_seen_at=at,
        second_step_at=at if second_step else None,
    )
    session.add(row)
    session.flush()
    return token


# Built once: every request asks it, and putting it together costs more than running it.
_SIGNED_IN, _PERSON, _ORGANISATION, _GRANT = (
    table(model) for model in (SignInSession, Person, Organisation, RoleGrant)
)
_WHO = (
    select(
        _SIGNED_IN.c.id.label("session_id"),
        *_SIGNED_IN.c["person_id", "last_seen_at", "own_device", "second_step_at"],
        *_PERSON.c["printed_name", "user_name", "language", "is_active", "password_hash"],
        *_PERSON.c["access_reset_by", "access_reset_at"],
        _PERSON.c.organisation_id.label("own_organisation_id"),
        *_ORGANISATION.c["time_zone", "contact"],
        *_GRANT.c["role", "organisation_id", "unit_id", "ends_on"],
    )
    .select_from(_SIGNED_IN)
    .join(_PERSON, _PERSON.c.id == _SIGNED_IN.c.person_id)
    .join(_ORGANISATION, _ORGANISATION.c.id == _PERSON.c.organisation_id)
    .outerjoin(_GRANT, _GRANT.c.person_id == _PERSON.c.id)
    .where(_SIGNED_IN.c.token_hash == bindparam("digest"), _SIGNED_IN.c.ended_at.is_(None))
)


def find(session: Session, token: str, *, at: datetime) -> SignedIn | None:
    """Return who is signed in by this token, or None when the session is over."""
    rows: Sequence[Any] = session.execute(_WHO, {"digest": digest(token)}).all()
    if not rows:
        return None
    row = rows[0]
    grants = held((each for each in rows if each.role is not None), at, row.time_zone)
    if not row.is_active or row.last_seen_at + _idle(row.own_device, grants) < at:
        return None
    return SignedIn(
        token=token,
        session_id=row.session_id,
        person_id=row.person_id,
        printed_name=row.printed_name,
        user_name=row.user_name,
        language=row.language,
        time_zone=row.time_zone,
        contact=row.contact,
        must_choose_password=row.password_hash is None,
        must_pass_second_step=bool(grants) and row.second_step_at is None,
        access_reset_by=row.access_reset_by,
        access_reset_at=row.access_reset_at,
        viewer=Viewer(row.person_id, row.own_organisation_id, grants),
        # Where the clock was set back, the next use says what time it is now.
        seen_lately=abs(row.last_seen_at - at) < SEEN_EVERY,
    )


def _idle(own_device: bool, grants: tuple[Grant, ...]) -> timedelta:  # noqa: FBT001 - a column
    if grants:
        return IDLE_OTHERS
    return IDLE_OWN_DEVICE if own_device else IDLE_LEARNER


def touch(session: Session, session_id: int, *, at: datetime) -> None:
    """Note that the session is in use."""
    session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=at)
    )


def of_person(session: Session, person: SignedIn, *, at: datetime) -> list[SignInSession]:
    """Return the newest sessions a person could go on with, the last used first."""
    longest = IDLE_OTHERS if person.viewer.grants else IDLE_OWN_DEVICE
    query = select(SignInSession).where(
        SignInSession.person_id == person.person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.last_seen_at >= at - longest,
    )
    newest = query.order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    rows, grants = session.scalars(newest.limit(LISTED)), person.viewer.grants
    return [row for row in rows if row.last_seen_at + _idle(row.own_device, grants) >= at]


def end_own(session: Session, person_id: int, session_id: int, *, at: datetime) -> None:
    """End one of a person's own sessions. Raises `NotFound` for anybody else's."""
    row = session.get(SignInSession, session_id)
    if row is None or row.person_id != person_id:
        raise NotFound("There is no such session.")
    row.ended_at = row.ended_at or at


def end(session: Session, session_id: int, *, at: datetime) -> None:
    """End one session."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_all(session: Session, person_id: int, *, at: datetime, but: int | None = None) -> None:
    """End every session of a person, except the one they are using."""
    query = update(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    if but is not None:
        query = query.where(SignInSession.id != but)
    session.execute(query.values(ended_at=at))


def owner(session: Session, token: str) -> int | None:
    """Return whose session a token began, also when that session has ended."""
    return session.scalar(
        select(SignInSession.person_id).where(SignInSession.token_hash == digest(token))
    )


def hold_form(
    session: Session, ended_token: str, path: str, fields: list[list[str]], *, at: datetime
) -> str | None:
    """Keep a form for the person whose session has run out; return the token to claim it by."""
    person_id = owner(session, ended_token)
    if person_id is None:
        return None
    token = secrets.token_urlsafe(32)
    kept = HeldForm(
        token_hash=digest(token), person_id=person_id, path=path, fields=fields, held_at=at
    )
    session.add(kept)
    return token


def held_form(session: Session, token: str, person_id: int, *, at: datetime) -> HeldForm | None:
    """Return a held form to the person who filled it in, and to nobody else."""
    return session.scalars(
        select(HeldForm).where(
            HeldForm.token_hash == digest(token),
            HeldForm.person_id == person_id,
            HeldForm.held_at > at - HELD_FOR,
        )
    ).first()


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete held forms and sessions that nobody can use any more."""
    session.execute(delete(HeldForm).where(HeldForm.held_at < at - HELD_FOR))
    session.execute(delete(SignInSession).where(SignInSession.last_seen_at < at - KEPT_FOR))
