"""The counts of each day: made once, by the day of the organisation, whoever works."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from certificates.readiness import snapshots
from certificates.readiness.judging import State
from certificates.readiness.models import Snapshot
from modules.catalogue.models import Course
from tests.certificates.readiness.rotation import requirement, viewer
from tests.conftest import Browsers, Worker
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from training import clock
from training.accounts.models import Organisation
from training.permissions import Role


@pytest.fixture
def home(make: Factory, course: Course) -> Organisation:
    """Return an organisation of which two people go, one of whom was given the course."""
    home, mission = make.organisation(), make.mission()
    requirement(make, home.id, course)
    first, second = make.person(organisation=home), make.person(organisation=home)
    make.deployment(first, mission)
    make.deployment(second, mission)
    make.assignment(first, course)
    return home


def test_each_day_is_counted_once_by_the_calendar_of_the_organisation(
    monkeypatch: pytest.MonkeyPatch, make: Factory, worker: Worker, home: Organisation
) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # It is the 25th in Amsterdam.
    for at in (NOW, NOW + timedelta(hours=2), late, late + timedelta(hours=20)):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        worker()
    rows = make.rows(select(Snapshot).order_by(Snapshot.id))
    assert {row.day for row in rows} == {TODAY, TODAY + timedelta(days=1)}
    assert len(rows) == 2 * len(State)
    counts = {row.state: row.people for row in rows if row.day == TODAY}
    # Before the worker counts, it has assigned what the other one lacked.
    assert counts == {"not_ready": 0, "at_risk": 0, "on_schedule": 2, "waived": 0, "ready": 0}


def test_two_workers_at_once_count_once(engine: Engine, make: Factory, home: Organisation) -> None:
    at_once(engine, lambda session, _: snapshots.write(session, home.id, TODAY), times=4)
    assert len(make.rows(select(Snapshot))) == len(State)


def test_an_organisation_of_which_nobody_goes_is_not_asked_each_minute(
    make: Factory, home: Organisation
) -> None:
    make.organisation()
    assert snapshots.due(make.session, at=NOW) == [(home.id, TODAY)]
    snapshots.write(make.session, home.id, TODAY)
    assert snapshots.due(make.session, at=NOW) == []


def test_how_it_developed_is_shown_to_who_sees_the_whole_organisation(
    monkeypatch: pytest.MonkeyPatch, make: Factory, browser: Browsers, home: Organisation
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    snapshots.write(make.session, home.id, TODAY)
    make.session.commit()
    trainer = make.person(Role.TRAINER, organisation=home)
    commander = make.person(Role.COMMANDER, organisation=home)
    stranger = make.person(Role.TRAINER)
    assert "24 November 2026" in browser(trainer).get("/readiness/development").text
    for other in (commander, stranger):
        assert "Nothing has been counted yet" in browser(other).get("/readiness/development").text
    assert "/development" not in browser(commander).get("/readiness/").text
    found = snapshots.development(make.session, viewer(trainer), 0, TODAY)
    assert found[0][1][State.AT_RISK] == 1
