"""The newest audit seal of each day, outside the database.

Whoever cuts off the newest events together with their seals leaves a chain that is sound; this
list still knows the seal. A restore writes itself down as well, so that what it lost is not
taken for a forgery.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training import outside
from training.audit import AuditEvent, AuditSeal
from training.upkeep import services

NAME = "seals.log"
WRITTEN = "seal_log"
EVERY = timedelta(days=1)
RESTORED = "restored"
LINE = re.compile(rf"(\d{{1,18}}) ([0-9a-f]{{64}}|{RESTORED}) (\S+)")


@dataclass
class Log:
    """What the list knows: the seals there should be, and what restores took away."""

    seals: dict[int, tuple[str, str]] = field(default_factory=dict)
    # When, to which seal, the last one that was lost and when that was sealed.
    lost: list[tuple[str, int, int, str]] = field(default_factory=list)


def due(session: Session, *, at: datetime) -> AuditSeal | None:
    """Return the seal to be written down, once a day."""
    return _newest(session) if services.due(session, WRITTEN, EVERY, at=at) else None


def append(data: Path, seal: AuditSeal) -> None:
    """Write a seal down."""
    outside.append(data / NAME, f"{seal.number} {seal.digest} {seal.sealed_at.isoformat()}")


def append_restore(session: Session, data: Path, *, at: datetime) -> None:
    """Write down that an earlier state was put back, and to which seal."""
    newest = _newest(session)
    number = newest.number if newest else 0
    outside.append(data / NAME, f"{number} {RESTORED} {at.isoformat()}")


def contradictions(session: Session, data: Path) -> list[str]:
    """Return a sentence for each seal of the list that the database lacks or has otherwise."""
    log = _read(data)
    query = select(AuditSeal.number, AuditSeal.digest).where(AuditSeal.number.in_(log.seals))
    there = {row.number: row.digest for row in session.execute(query)}
    return [*_said_of_restores(log), *_said_of_seals(log, there)]


def lost(session: Session, data: Path) -> list[str]:
    """Return what a restore took away, as far as the list knows."""
    newest = session.scalar(select(func.max(AuditEvent.at)))
    said = f"The newest audit event is of {newest.isoformat()}." if newest else "None is there."
    return [f"{said} What was done later is not in this database.", *_said_of_restores(_read(data))]


def _said_of_restores(log: Log) -> Iterator[str]:
    for at, kept, last, sealed_at in log.lost:
        yield (
            f"The restore of {at} went back to seal {kept}: the audit events under the seals up to "
            f"{last}, sealed until {sealed_at}, are not in this database."
        )


def _said_of_seals(log: Log, there: dict[int, str]) -> Iterator[str]:
    for number, (digest, sealed_at) in log.seals.items():
        if number not in there:
            yield (
                f"Seal {number} of {sealed_at} stands in {NAME} and is not in this database: the "
                "newest audit events have been cut off, or an earlier state was put back without "
                "`training restore`."
            )
        elif there[number] != digest:
            yield f"Seal {number} is not the one of {sealed_at} that stands in {NAME}."


def _newest(session: Session) -> AuditSeal | None:
    return session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).first()


def _read(data: Path) -> Log:
    log = Log()
    for line in outside.lines(data / NAME):
        # A line that a crash cut short says nothing.
        if not (found := LINE.fullmatch(line)):
            continue
        number, digest, at = int(found[1]), found[2], found[3]
        if digest != RESTORED:
            # The same seal may be written twice, and the first one counts.
            log.seals.setdefault(number, (digest, at))
        elif later := [known for known in log.seals if known > number]:
            log.lost.append((at, number, max(later), log.seals[max(later)][1]))
            log.seals = {known: seal for known, seal in log.seals.items() if known <= number}
    return log
