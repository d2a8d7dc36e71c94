"""Background work: rows say what is to be done, the queue only makes it prompt.

The worker runs every job each minute as well, which picks up whatever a crash or a full
queue left behind.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy import make_url

from training import clock, db
from training.config import Settings
from training.parts import registered

log = logging.getLogger(__name__)
PATIENCE = 2  # Seconds a request waits for the queue before it leaves the work to the sweep.


def make_queue(settings: Settings, *, create: bool = False) -> Huey:
    """Return the queue: a file of its own beside SQLite, else tables of the same database.

    `create` makes its tables, which is done when an installation is set up or upgraded.
    """
    if not settings.embedded:
        dsn = make_url(settings.database_url).set(drivername="postgresql")
        return PostgresHuey(
            "training", dsn=dsn.render_as_string(hide_password=False), create_tables=create
        )
    return SqliteHuey(
        "training",
        filename=str(settings.queue_path),
        create_tables=create,
        # The system's SQLite may have the WAL-reset bug fixed in 3.51.3.
        journal_mode="truncate",
        timeout=PATIENCE,
    )


def init_app(app: Flask, queue: Huey) -> None:
    """Register the two tasks: one job by name, and all of them each minute."""

    def _run(name: str) -> None:
        with app.app_context():
            run_job(name)

    def _sweep() -> None:
        beat(app.extensions["settings"].data)
        with app.app_context():
            run_all()

    app.extensions["queue"] = queue
    app.extensions["run_job"] = queue.task(name="run_job")(_run)
    queue.periodic_task(crontab(), name="sweep")(_sweep)


def wake(name: str) -> None:
    """Ask the worker to run a job now; failing that, the sweep does it within a minute."""
    try:
        current_app.extensions["run_job"](name)
    except Exception:  # noqa: BLE001 - whatever the queue says, the rows are already safe
        log.warning("the queue did not take the job %s", name)


def all_jobs() -> Mapping[str, Any]:
    """Return every job by name."""
    jobs: dict[str, Any] = {}
    for part in registered():
        jobs |= part.jobs or {}
    return jobs


def run_job(name: str) -> None:
    """Run one job of the registered parts."""
    all_jobs()[name]()


def run_all() -> None:
    """Run every job; one that fails does not keep the others from running."""
    for name, job in all_jobs().items():
        try:
            job()
        except Exception:
            log.exception("the job %s failed", name)
            db.session().rollback()


def beat(data: Path) -> None:
    """Leave a sign of life for `/readyz`."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "worker.beat").write_text(clock.now().isoformat(), encoding="ascii")
