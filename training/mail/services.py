"""The outbox, in the caller's transaction: queued once, claimed by one worker, finished."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, joinedload

from training.accounts.models import Person
from training.mail.models import MailState, OutboxMail, Refusal

# Longer than any conversation with a mail server that is not given up.
LEASE = timedelta(minutes=15)
SOONEST, LATEST = timedelta(minutes=1), timedelta(minutes=60)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Wish:
    """One mail to be queued: for whom, and what it is about among those of its kind."""

    person_id: int
    about: object
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Claimed:
    """A mail that one worker is handing over, as it was when it was claimed."""

    id: int
    tries: int
    kind: str
    arguments: Mapping[str, str]
    message_id: str
    person_id: int
    address: str | None
    language: str
    is_active: bool


def queue(session: Session, kind: str, wishes: Sequence[Wish], *, at: datetime) -> None:
    """Queue a mail for each of those who have an address; the same mail again changes nothing."""
    wanted = {wish.person_id for wish in wishes}
    query = select(Person.id).where(Person.id.in_(wanted), Person.email.is_not(None))
    reachable = set(session.scalars(query)) if wanted else set()
    rows = [
        {
            "key": f"{kind}:{wish.about}",
            "person_id": wish.person_id,
            "kind": kind,
            "arguments": dict(wish.arguments),
            "message_id": secrets.token_hex(16),
            "queued_at": at,
            "next_try_at": at,
        }
        for wish in wishes
        if wish.person_id in reachable
    ]
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    if rows:
        session.execute(insert(OutboxMail).on_conflict_do_nothing(), rows)


def claim(session: Session, *, at: datetime) -> Claimed | None:
    """Take the mail that is due longest; nobody else gets it before its lease ends."""
    # What waits longer than any wait is was put off before the clock was set back.
    never = OutboxMail.next_try_at > at + LATEST + LEASE
    due = select(OutboxMail).where(or_(OutboxMail.next_try_at <= at, never))
    due = due.order_by(OutboxMail.next_try_at, OutboxMail.id).limit(1)
    held = due.with_for_update(of=OutboxMail, skip_locked=True)
    query = held.options(joinedload(OutboxMail.person))
    mail = session.scalars(query.execution_options(populate_existing=True)).first()
    if mail is None:
        return None
    mail.tries += 1
    mail.first_tried_at = mail.first_tried_at or at
    mail.next_try_at = at + LEASE
    who = mail.person
    return Claimed(
        id=mail.id,
        tries=mail.tries,
        kind=mail.kind,
        arguments=mail.arguments,
        message_id=mail.message_id,
        person_id=who.id,
        address=who.email,
        language=who.language,
        is_active=who.is_active,
    )


def finish(session: Session, claimed: Claimed, state: MailState, *, at: datetime) -> None:
    """Note that a mail was sent or is of no use any more."""
    mail = _held(session, claimed)
    if mail is not None:
        mail.arguments = {}
        _end(mail, state, at)


def refuse(
    session: Session, claimed: Claimed, refusal: Refusal, code: int | None, *, at: datetime
) -> None:
    """Note that a mail cannot arrive, for those who can do something about it."""
    mail = _held(session, claimed)
    if mail is not None:
        mail.refusal, mail.smtp_code = refusal, code
        _end(mail, MailState.REFUSED, at)


def postpone(session: Session, claimed: Claimed, code: int | None, *, at: datetime) -> None:
    """Try again as long from now as it has been tried already, up to an hour; at last give up."""
    mail = _held(session, claimed)
    if mail is None or mail.first_tried_at is None:
        return
    mail.smtp_code = code
    tried_for = at - mail.first_tried_at
    if tried_for >= GIVEN_UP_AFTER:
        mail.refusal = Refusal.SILENCE
        _end(mail, MailState.REFUSED, at)
    else:
        mail.next_try_at = at + min(max(tried_for, SOONEST), LATEST)


def _held(session: Session, claimed: Claimed) -> OutboxMail | None:
    query = select(OutboxMail).where(
        OutboxMail.id == claimed.id,
        OutboxMail.tries == claimed.tries,
        OutboxMail.state == MailState.WAITING,
    )
    held = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).first()


def _end(mail: OutboxMail, state: MailState, at: datetime) -> None:
    mail.state, mail.finished_at, mail.next_try_at = state, at, None


def drop_all(session: Session, *, at: datetime) -> None:
    """Drop whatever waits: where there is no mail server, nothing may pile up for the day of one.

    Nobody was told that these would arrive.
    """
    values = {"state": MailState.DROPPED, "finished_at": at, "next_try_at": None, "arguments": {}}
    waiting = update(OutboxMail).where(OutboxMail.state == MailState.WAITING)
    session.execute(waiting.values(values).execution_options(synchronize_session=False))


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget what was finished long ago."""
    old = delete(OutboxMail).where(OutboxMail.finished_at < at - KEPT_FOR)
    session.execute(old.execution_options(synchronize_session=False))


def waiting_since(session: Session) -> datetime | None:
    """Return when the oldest mail that still waits was queued."""
    query = select(func.min(OutboxMail.queued_at)).where(OutboxMail.state == MailState.WAITING)
    return session.scalar(query)
