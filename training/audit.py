"""What was done by whom: written with the change itself, sealed by the worker."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from training.orm import Base

BATCH = 1000


class AuditSeal(Base):
    """A link of the chain: a digest of the seal before it and of the events it covers."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]
    sealed_at: Mapped[datetime]


class AuditEvent(Base):
    """One change or privileged reading; people are named by id only."""

    __tablename__ = "audit_event"
    # Everybody may see what was done with their own record.
    __table_args__ = (Index("ix_audit_event_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # No foreign key: an event outlives the record of the person.
    actor_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    seal_number: Mapped[int | None] = mapped_column(ForeignKey("audit_seal.number"), index=True)


def record(
    session: Session,
    action: str,
    subject: str,
    subject_id: int | None,
    *,
    actor_id: int | None,
    at: datetime,
    **detail: Any,
) -> None:
    """Write an event in the caller's transaction, e.g. `person.created`."""
    event = AuditEvent(
        at=at,
        actor_id=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        detail=detail,
    )
    session.add(event)


def seal(session: Session, *, at: datetime) -> int:
    """Seal the events that no seal covers yet and return how many there were."""
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).first()
    waiting = select(AuditEvent).where(AuditEvent.seal_number.is_(None)).order_by(AuditEvent.id)
    events = session.scalars(waiting.limit(BATCH).with_for_update()).all()
    if not events:
        return 0
    number = last.number + 1 if last else 1
    digest = _digest(last.digest if last else "", events)
    session.add(AuditSeal(number=number, digest=digest, sealed_at=at))
    session.flush()
    for event in events:
        event.seal_number = number
    return len(events)


def broken_seals(session: Session) -> list[str]:
    """Return a sentence for each seal which its events no longer match."""
    found, before = [], ""
    seals = session.execute(
        select(AuditSeal.number, AuditSeal.digest).order_by(AuditSeal.number)
    ).all()
    for expected, (number, digest) in enumerate(seals, 1):
        if number != expected and expected not in {n for n, _ in seals}:
            found.append(f"Seal {expected} of the audit events is missing.")
        covered = select(AuditEvent).where(AuditEvent.seal_number == number).order_by(AuditEvent.id)
        if _digest(before, session.scalars(covered).all()) != digest:
            found.append(f"The audit events under seal {number} have been changed.")
        before = digest
    return found


def _digest(before: str, events: Any) -> str:
    rows = [
        [e.id, e.at.isoformat(), e.actor_id, e.action, e.subject, e.subject_id, e.detail]
        for e in events
    ]
    text = json.dumps([before, rows], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
