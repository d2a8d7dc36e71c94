"""The page that says whether everything is running."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from training import audit, clock, jobs
from training.permissions import Role
from training.upkeep import services


def test_an_administrator_sees_what_is_wrong_and_what_to_do(
    app: Flask, make: Factory, browser: Browsers
) -> None:
    page = browser(make.person(Role.ADMINISTRATOR))
    shown = page.get("/running").text
    assert "It has never run." in shown
    assert "training worker" in shown
    assert "There has been none." in shown
    assert "None is waiting." in shown


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.HR])
def test_nobody_else_does(make: Factory, browser: Browsers, role: Role | None) -> None:
    browser(make.person(role)).get("/running", expect=403)


def test_all_is_well_after_the_worker_and_a_backup(
    app: Flask, make: Factory, browser: Browsers, session: Session
) -> None:
    services.note(session, services.BACKUP, at=clock.now())
    session.commit()
    with app.app_context():
        jobs.beat(app.extensions["settings"].data)
    shown = browser(make.person(Role.ADMINISTRATOR)).get("/running").text
    assert "Everything is running" in shown
    assert "Not in order" not in shown


@pytest.mark.parametrize(("days", "word"), [(0, "In order"), (2, "Look at it"), (8, "Not in")])
def test_an_old_backup_is_a_risk_and_a_very_old_one_is_none(
    make: Factory, browser: Browsers, session: Session, days: int, word: str
) -> None:
    services.note(session, services.BACKUP, at=clock.now() - timedelta(days=days))
    session.commit()
    shown = browser(make.person(Role.ADMINISTRATOR)).get("/running").text
    line = shown[shown.index("Last backup") : shown.index("Database: tables")]
    assert word in line


def test_events_that_nobody_sealed_are_seen(
    make: Factory, browser: Browsers, session: Session
) -> None:
    old = clock.now() - timedelta(minutes=6)
    audit.record(session, "thing.done", "thing", 1, actor_id=None, at=old)
    session.commit()
    shown = browser(make.person(Role.ADMINISTRATOR)).get("/running").text
    assert "The oldest event without a seal: 6 minutes ago" in shown


def test_the_last_of_several_times_is_kept(session: Session) -> None:
    now = clock.now()
    for hours in (5, 1):
        services.note(session, "thing", at=now - timedelta(hours=hours))
        session.flush()
    assert services.last(session, "thing") == now - timedelta(hours=1)
    assert services.due(session, "thing", timedelta(hours=1), at=now)
    assert not services.due(session, "thing", timedelta(hours=2), at=now)
