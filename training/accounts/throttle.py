"""Guessing costs time: failures, and how long the next try waits, kept in the database."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.orm import Session

from training.accounts.guessing import LONGEST_FOR_PAIR, delay
from training.accounts.models import Throttle
from training.orm import insert_once

FORGOTTEN_AFTER = timedelta(days=1)
KNOWN_FOR = timedelta(days=30)
# Processes on several machines do not agree on the time to the second.
SKEW = timedelta(seconds=5)


def take(
    session: Session, key: str, *, free: int, longest: int = LONGEST_FOR_PAIR, at: datetime
) -> int:
    """Count a try as failed until `forgive` is called; return the seconds to wait first.

    Counting before looking means that many tries at the same moment cannot slip through.
    A try that is told to wait is not counted: waiting is enough.
    """
    row = held(session, key, at=at)
    wait = left(row, at=at)
    if not wait:
        count(row, delay(row.failures + 1, free, longest), at=at)
    return wait


def held(session: Session, key: str, *, at: datetime) -> Throttle:
    """Return the row of a key, locked until the transaction ends, as it counts now."""
    ensure(session, key, at=at)
    row = session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    if row.last_at > at:
        # The clock was set back: wait the delay itself, not until the clock is there again.
        row.blocked_until = at + max(row.blocked_until - row.last_at, timedelta(0))
        row.last_at = at
    if row.last_at < at - FORGOTTEN_AFTER:
        row.failures = 0
    return row


def left(row: Throttle, *, at: datetime) -> int:
    """Return the seconds to wait before the next try."""
    if row.blocked_until <= at:
        return 0
    return int((row.blocked_until - at).total_seconds()) + 1


def count(row: Throttle, seconds: int, *, at: datetime) -> None:
    """Count a failure; the next try waits so many seconds."""
    row.failures += 1
    row.last_at = at
    row.blocked_until = at + timedelta(seconds=seconds)


def waiting(session: Session, key: str, *, at: datetime) -> int:
    """Return the seconds to wait before the next try, without counting one."""
    row = session.get(Throttle, key)
    if row is None or row.last_at > at + SKEW:
        return 0  # In the second case the clock was set back.
    return left(row, at=at)


def forgive(session: Session, key: str, *, at: datetime, remember: bool = False) -> None:
    """Forget the failures of a key, and on wish remember that it went well."""
    values = {"failures": 0, "blocked_until": at, "last_at": at}
    if remember:
        values["succeeded_at"] = at
    session.execute(update(Throttle).where(Throttle.key == key).values(values))


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete what no longer slows anybody down, and what was known long ago."""
    unknown = or_(Throttle.succeeded_at.is_(None), Throttle.succeeded_at < at - KNOWN_FOR)
    session.execute(delete(Throttle).where(and_(Throttle.last_at < at - FORGOTTEN_AFTER, unknown)))


def ensure(session: Session, key: str, *, at: datetime) -> None:
    """Make the row of a key; two first failures at once end as one row on either database."""
    row = {"key": key, "failures": 0, "blocked_until": at, "last_at": at}
    session.execute(insert_once(session, Throttle).values(row))
