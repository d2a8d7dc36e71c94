"""The second step of people with a role: setting it up, passing it, and starting over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from training import audit
from training.accounts import codes, sessions, totp
from training.accounts.models import Person, RecoveryCode, SecondFactor, SignInSession
from training.accounts.reach import held, refusal
from training.accounts.roles import grants_of
from training.accounts.services import managed
from training.errors import Forbidden, Invalid, NotFound, spoken
from training.permissions import Viewer

WRONG = spoken("This code is not right, or it was used before. Please wait for the next one.")


def is_set_up(session: Session, person_id: int) -> bool:
    """Tell whether a person has an authenticator."""
    return session.get(SecondFactor, person_id) is not None


def set_up(
    session: Session, person_id: int, session_id: int, salt: str, typed: str, key: str, at: datetime
) -> list[str]:
    """Take an authenticator on after a first right code, and return the recovery codes.

    Raises `Invalid` for a wrong code, or when one was set up meanwhile.
    """
    session.get_one(Person, person_id, with_for_update=True)
    if is_set_up(session, person_id):
        raise Invalid("code", "Your second step has been set up meanwhile. Reload this page.")
    step = totp.step_of(totp.secret(key, salt), typed, last=None, at=at)
    if step is None:
        raise Invalid("code", WRONG)
    session.add(SecondFactor(person_id=person_id, salt=salt, last_step=step, set_up_at=at))
    _passed(session, session_id, at)
    audit.record(session, "second_factor.set_up", "person", person_id, actor_id=person_id, at=at)
    return _new_codes(session, person_id, key)


def pass_step(
    session: Session, person_id: int, session_id: int, typed: str, key: str, at: datetime
) -> None:
    """Let a session go on after a right code. Raises `Invalid` for any other."""
    factor = session.get(SecondFactor, person_id, with_for_update=True, populate_existing=True)
    if session.get_one(SignInSession, session_id, populate_existing=True).second_step_at:
        return  # The same code was sent twice at once.
    if factor is None:
        raise Invalid("code", WRONG)
    step = totp.step_of(totp.secret(key, factor.salt), typed, last=factor.last_step, at=at)
    if step is not None:
        factor.last_step = step
    elif not _use(session, person_id, typed, key, at):
        raise Invalid("code", WRONG)
    _passed(session, session_id, at)


def renew_codes(session: Session, person_id: int, key: str, at: datetime) -> list[str]:
    """Return ten new recovery codes; the earlier ones stop working."""
    if session.get(SecondFactor, person_id, with_for_update=True) is None:
        raise NotFound("There is no second step to recover.")
    audit.record(session, "recovery_codes.made", "person", person_id, actor_id=person_id, at=at)
    return _new_codes(session, person_id, key)


def codes_left(session: Session, person_id: int) -> int:
    """Return how many recovery codes a person has not used."""
    query = select(func.count()).select_from(RecoveryCode)
    unused = query.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def reset(session: Session, viewer: Viewer, person_id: int, made_by: str, *, at: datetime) -> None:
    """Let a person set up another authenticator; their sessions end, and they are told by whom."""
    person = managed(session, viewer, person_id, lock=True)
    grants = held(grants_of(session, person_id), at, person.organisation.time_zone)
    if reason := refusal(viewer, person.id, grants):
        raise Forbidden(reason)
    if not is_set_up(session, person_id):
        return  # The same click twice.
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    person.access_reset_by, person.access_reset_at = made_by, at
    sessions.end_all(session, person_id, at=at)
    actor = viewer.person_id
    audit.record(session, "second_factor.reset", "person", person_id, actor_id=actor, at=at)


def _use(session: Session, person_id: int, typed: str, key: str, at: datetime) -> bool:
    hashed = codes.recovery_code_hash(key, person_id, typed)
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == hashed,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    ).first()
    if used is None:
        return False
    audit.record(session, "recovery_code.used", "person", person_id, actor_id=person_id, at=at)
    return True


def _passed(session: Session, session_id: int, at: datetime) -> None:
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(second_step_at=at)
    )


def _new_codes(session: Session, person_id: int, key: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    made = codes.recovery_codes()
    session.add_all(_rows(person_id, made, key))
    return made


def _rows(person_id: int, made: Iterable[str], key: str) -> Iterable[RecoveryCode]:
    for code in made:
        hashed = codes.recovery_code_hash(key, person_id, code)
        yield RecoveryCode(person_id=person_id, code_hash=hashed)
