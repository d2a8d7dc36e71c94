"""What recurs: when it last happened. Each function runs inside the caller's transaction."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.audit import AuditEvent
from training.upkeep.models import Milestone

BACKUP = "backup"


def note(session: Session, name: str, *, at: datetime, **detail: Any) -> None:
    """Note that something has just happened."""
    found = session.get(Milestone, name, with_for_update=True)
    milestone = found or Milestone(name=name)
    milestone.at, milestone.detail = at, detail
    session.add(milestone)


def last(session: Session, name: str) -> datetime | None:
    """Return when something last happened."""
    return session.scalar(select(Milestone.at).where(Milestone.name == name))


def due(session: Session, name: str, every: timedelta, *, at: datetime) -> bool:
    """Tell whether something was never done, or longer ago than it may be."""
    before = last(session, name)
    # A clock that was ahead for a while must not put it off.
    return before is None or not timedelta(0) <= at - before < every


def oldest_unsealed(session: Session) -> datetime | None:
    """Return when the oldest audit event that no seal covers was written."""
    return session.scalar(select(func.min(AuditEvent.at)).where(AuditEvent.seal_number.is_(None)))
