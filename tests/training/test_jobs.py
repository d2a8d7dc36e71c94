"""Background work: rows say what is to be done, and one job does not stop another."""

from datetime import timedelta

import pytest
from flask import Flask
from huey import MemoryHuey, SqliteHuey
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.training.conftest import Time, embedded, on_postgresql
from training import clock, jobs
from training.accounts import sessions, throttle
from training.accounts.models import SignInSession, Throttle
from training.app import create_app
from training.config import Settings
from training.parts import Part, register


@embedded
def test_a_job_that_fails_does_not_keep_the_others_from_running(app: Flask) -> None:
    done: list[str] = []

    def fail() -> None:
        raise LookupError

    register(app, Part("broken", jobs={"fails": fail}))
    register(app, Part("whole", jobs={"works": lambda: done.append("works")}))
    with app.app_context():
        jobs.run_all()
    assert done == ["works"]


@embedded
def test_a_woken_job_waits_in_the_queue_and_runs_by_name(
    settings: Settings, engine: Engine
) -> None:
    done: list[str] = []
    queue = MemoryHuey()
    app = create_app(settings, engine=engine, queue=queue)
    register(app, Part("part", jobs={"wanted": lambda: done.append("wanted")}))
    with app.app_context():
        jobs.wake("wanted")
    assert done == []
    task = queue.dequeue()
    assert task is not None
    queue.execute(task)
    assert done == ["wanted"]


@embedded
def test_a_queue_that_takes_nothing_does_not_fail_the_request(
    settings: Settings, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    broken = SqliteHuey("none", filename=str(settings.data / "queue.db"), create_tables=False)
    app = create_app(settings, engine=engine, queue=broken)
    with app.app_context():
        jobs.wake("seal")
    assert "the queue did not take the job seal" in caplog.text


@embedded
def test_the_embedded_queue_lies_in_a_file_of_its_own(settings: Settings) -> None:
    queue = jobs.make_queue(settings, create=True)
    assert queue.storage.filename == str(settings.data / "queue.db")
    assert settings.queue_path.exists()
    assert queue.pending_count() == 0


@on_postgresql
def test_at_scale_the_queue_lies_in_the_same_database(settings: Settings) -> None:
    queue = jobs.make_queue(settings, create=True)
    app = create_app(settings, queue=queue)
    with app.app_context():
        jobs.wake("seal")
    assert queue.pending_count() == 1
    assert not settings.queue_path.exists()
    queue.storage.close()
    app.extensions["engine"].dispose()


def test_the_worker_forgets_what_nobody_can_use_any_more(
    app: Flask, make: Factory, session: Session, time: Time
) -> None:
    throttle.take(session, "key", free=3, at=clock.now())
    sessions.begin(session, make.person().id, own_device=False, at=clock.now())
    session.commit()
    for days, left in ((1, (1, 1)), (1, (0, 1)), (89, (0, 0))):
        time.passes(days=days)
        with app.app_context():
            jobs.run_job("forget")
        counted = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Throttle, SignInSession)
        ]
        session.commit()
        assert tuple(counted) == left


@embedded
def test_the_worker_leaves_its_sign_of_life(settings: Settings, time: Time) -> None:
    time.passes(hours=1)
    jobs.beat(settings.data / "new")
    written = (settings.data / "new" / "worker.beat").read_text(encoding="ascii")
    assert written == time.now.isoformat()
    assert clock.now() - time.now == timedelta(0)
