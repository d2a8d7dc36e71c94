"""Guessing costs time: a delay that grows with every failure, kept in the database."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from training.accounts.models import Throttle

FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_DELAY = 900


def delay(failures: int, free: int) -> int:
    """Return the seconds to wait after so many failures, of which `free` cost nothing."""
    return 0 if failures <= free else min(2 ** (failures - free), LONGEST_DELAY)


def take(session: Session, key: str, *, free: int, at: datetime) -> int:
    """Count a try as failed until `forgive` is called; return the seconds to wait first.

    Counting before looking means that many tries at the same moment cannot slip through.
    A try that is told to wait is not counted: waiting is enough.
    """
    _ensure(session, key, at)
    row = session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    if row.last_at < at - FORGOTTEN_AFTER:
        row.failures = 0
    if row.blocked_until > at:
        return int((row.blocked_until - at).total_seconds()) + 1
    row.failures += 1
    row.last_at = at
    row.blocked_until = at + timedelta(seconds=delay(row.failures, free))
    return 0


def waiting(session: Session, key: str, *, at: datetime) -> int:
    """Return the seconds to wait before the next try, without counting one."""
    row = session.get(Throttle, key)
    if row is None or row.blocked_until <= at:
        return 0
    return int((row.blocked_until - at).total_seconds()) + 1


def forgive(session: Session, key: str, *, at: datetime) -> None:
    """Forget the failures of a key."""
    session.execute(
        update(Throttle).where(Throttle.key == key).values(failures=0, blocked_until=at)
    )


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete what no longer slows anybody down."""
    session.execute(delete(Throttle).where(Throttle.last_at < at - FORGOTTEN_AFTER))


def _ensure(session: Session, key: str, at: datetime) -> None:
    # Two first failures at once must end as one row on either database.
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    row = {"key": key, "failures": 0, "blocked_until": at, "last_at": at}
    session.execute(insert(Throttle).values(row).on_conflict_do_nothing())
