"""The list of seals outside the database, which knows what was cut off."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.training.conftest import Time
from training import audit, clock, jobs
from training.audit import AuditEvent, AuditSeal
from training.config import Settings
from training.upkeep import seal_log


@pytest.fixture
def data(settings: Settings) -> Path:
    """Return the folder of the list."""
    return settings.data


def day(app: Flask, session: Session, time: Time, days: float = 1) -> None:
    """Let something be done, let a day pass, and let the worker seal it."""
    time.passes(days=days)
    audit.record(session, "thing.done", "thing", 1, actor_id=7, at=clock.now())
    session.commit()
    with app.app_context():
        jobs.run_job("seal")


def cut_off(session: Session, after: int) -> None:
    """Delete the newest events together with their seals."""
    session.execute(delete(AuditEvent).where(AuditEvent.seal_number > after))
    session.execute(delete(AuditSeal).where(AuditSeal.number > after))
    session.commit()


def said(session: Session, data: Path) -> str:
    """Return what the list has against the database."""
    return " ".join(seal_log.contradictions(session, data))


def test_the_newest_seal_is_written_down_once_a_day_for_the_platform_alone(
    app: Flask, session: Session, time: Time, data: Path
) -> None:
    for days in (1, 0.1, 0.8, 0.2):
        day(app, session, time, days)
    seals = {seal.number: seal for seal in session.scalars(select(AuditSeal))}
    assert (data / seal_log.NAME).read_text().splitlines() == [
        f"{n} {seals[n].digest} {seals[n].sealed_at.isoformat()}" for n in (1, 4)
    ]
    assert (data / seal_log.NAME).stat().st_mode & 0o077 == 0
    assert said(session, data) == ""


def test_a_day_on_which_nothing_was_ever_done_writes_nothing(app: Flask, data: Path) -> None:
    with app.app_context():
        jobs.run_job("seal")
    assert not (data / seal_log.NAME).exists()


def test_newest_events_cut_off_with_their_seal_are_missed(
    app: Flask, session: Session, time: Time, data: Path
) -> None:
    for _ in range(3):
        day(app, session, time)
    cut_off(session, 2)
    assert audit.broken_seals(session) == [], "the chain alone does not show it"
    assert "Seal 3 of 2026-11-27T12:00:00+00:00 stands in seals.log and is not" in said(
        session, data
    )
    assert "cut off" in said(session, data)
    day(app, session, time)
    assert "Seal 3 is not the one of 2026-11-27T12:00:00+00:00" in said(session, data)


def test_what_a_restore_took_away_is_named_and_is_no_forgery(
    app: Flask, session: Session, time: Time, data: Path
) -> None:
    for _ in range(3):
        day(app, session, time)
    cut_off(session, 1)
    seal_log.append_restore(session, data, at=clock.now() + timedelta(hours=1))
    expected = (
        "The restore of 2026-11-27T13:00:00+00:00 went back to seal 1: the audit events under the "
        "seals up to 3, sealed until 2026-11-27T12:00:00+00:00, are not in this database."
    )
    assert said(session, data) == expected
    newest, explained = seal_log.lost(session, data)
    assert newest.startswith("The newest audit event is of 2026-11-25T12:00:00+00:00.")
    assert explained == expected
    for _ in range(2):
        day(app, session, time)
    assert said(session, data) == expected
    cut_off(session, 2)
    assert "cut off" in said(session, data)


def test_a_restore_to_an_hour_ago_that_lost_no_seal_of_the_list_leaves_nothing_to_say(
    app: Flask, session: Session, time: Time, data: Path
) -> None:
    day(app, session, time)
    seal_log.append_restore(session, data, at=NOW)
    assert said(session, data) == ""


def test_a_line_that_was_cut_short_says_nothing(session: Session, data: Path) -> None:
    (data / seal_log.NAME).write_text(f"7\n8 {'0' * 63}\n{'9' * 30} {'0' * 64} x\n")
    assert said(session, data) == ""


def test_a_clock_that_was_ahead_for_a_while_does_not_put_the_list_off(
    app: Flask, session: Session, time: Time, data: Path
) -> None:
    day(app, session, time, 300)
    day(app, session, time, -299)
    assert len((data / seal_log.NAME).read_text().splitlines()) == 2
