"""Whether everything is running: one line each, with its state and what to do about it."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import format_decimal, format_timedelta
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from training import health, installation
from training.migrations import schema
from training.parts import Running, registered
from training.permissions import Viewer
from training.upkeep import services

BACKUP_EVERY = timedelta(hours=26)  # A day, and room for one that took long.
BACKUP_NEEDED = timedelta(days=7)
SEALED_WITHIN = timedelta(minutes=5)
LITTLE_DISK = 2 * 1024**3
READY, RISK, NOT_READY = "ready", "risk", "notready"


def all_lines(session: Session, viewer: Viewer, now: datetime) -> list[Running]:
    """Return the lines of the platform, and then those of each feature."""
    lines = [
        _worker(now),
        _disk(),
        _backup(session, now),
        _schema(session),
        _seals(session, now),
        *_machine(),
    ]
    for part in registered():
        lines += part.running(session, viewer, now) if part.running else ()
    return lines


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, e.g. `3 minutes ago`."""
    return str(format_timedelta(min(then - now, timedelta(0)), add_direction=True))


def _worker(now: datetime) -> Running:
    label, last = _("Worker: last sign of life"), health.last_beat()
    remedy = _("Start it on the server with: training worker")
    if last is None:
        return Running(label, NOT_READY, _("It has never run."), remedy)
    if now - last > health.LATEST_BEAT:
        return Running(label, NOT_READY, ago(last, now), remedy)
    return Running(label, READY, ago(last, now))


def _disk() -> Running:
    label = _("Disk: free space")
    try:
        usage = shutil.disk_usage(installation.settings().data)
    except OSError:
        remedy = _("Make the data folder on the server with: training init")
        return Running(label, NOT_READY, _("The data folder is missing."), remedy)
    value = _("%(free)s GB of %(total)s GB", free=_gb(usage.free), total=_gb(usage.total))
    remedy = _("Move old backups elsewhere, or make the disk larger.")
    if usage.free < health.SMALLEST_DISK:
        return Running(label, NOT_READY, value, remedy)
    return (
        Running(label, RISK, value, remedy)
        if usage.free < LITTLE_DISK
        else Running(label, READY, value)
    )


def _gb(number: int) -> str:
    return str(format_decimal(number / 1e9, "#,##0.0"))


def _backup(session: Session, now: datetime) -> Running:
    label, last = _("Last backup"), services.last(session, services.BACKUP)
    remedy = _("Have the server run this each night, and copy the file elsewhere: training backup")
    if last is None:
        return Running(label, NOT_READY, _("There has been none."), remedy)
    if now - last <= BACKUP_EVERY:
        return Running(label, READY, ago(last, now))
    state = NOT_READY if now - last > BACKUP_NEEDED else RISK
    return Running(label, state, ago(last, now), remedy)


def _schema(session: Session) -> Running:
    label, problems = _("Database: tables"), schema.problems(session.connection())
    if problems:
        remedy = _("Run on the server: training upgrade")
        return Running(label, NOT_READY, _("They belong to another version."), remedy)
    return Running(label, READY, _("They fit this version."))


def _seals(session: Session, now: datetime) -> Running:
    label, oldest = _("Audit: seals"), services.oldest_unsealed(session)
    if oldest is None or now - oldest <= SEALED_WITHIN:
        return Running(label, READY, _("They are up to date."))
    remedy = _("The worker seals each minute. Start it, or look into its log.")
    value = _("The oldest event without a seal: %(since)s", since=ago(oldest, now))
    return Running(label, RISK, value, remedy)


def _machine() -> Iterator[Running]:
    label = _("Fonts, libraries and keys")
    found = [sentence for part in registered() if part.problems for sentence in part.problems()]
    for sentence in found:
        yield Running(label, NOT_READY, sentence, _("Run on the server: training doctor"))
    if not found:
        yield Running(label, READY, _("Nothing is missing."))
