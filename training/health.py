"""Whether the application lives and can do its work."""

import shutil
from datetime import datetime, timedelta

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from training import clock, db, installation
from training.auth import public
from training.migrations import schema
from training.parts import registered

SMALLEST_DISK = 200 * 1024 * 1024
LATEST_BEAT = timedelta(minutes=3)

bp = Blueprint("health", __name__)


@bp.get("/livez")
@public
def live() -> ResponseReturnValue:
    """Answer as long as the process can."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say whether requests can be served, without saying what is wrong to strangers."""
    failing = problems()
    for sentence in failing:
        current_app.logger.warning("not ready: %s", sentence)
    status = "not ready" if failing else "ok"
    return jsonify(status=status, problems=len(failing)), 503 if failing else 200


def problems() -> list[str]:
    """Return a sentence for everything that keeps the application from doing its work."""
    database = _database()
    found = database + _disk() + _worker()
    for part in registered():
        found += part.problems() if part.problems else []
        found += part.late(db.session(), clock.now()) if part.late and not database else []
    return found


def _database() -> list[str]:
    try:
        return schema.problems(db.session().connection())
    except DBAPIError as error:
        return [f"The database does not answer: {error.orig}"]


def _disk() -> list[str]:
    folder = installation.settings().data
    if not folder.is_dir():
        return [f"There is no folder {folder}. Make it with: training init"]
    free = shutil.disk_usage(folder).free
    return ["Less than 200 MB of disk is left."] if free < SMALLEST_DISK else []


def last_beat() -> datetime | None:
    """Return the worker's last sign of life."""
    path = installation.settings().data / "worker.beat"
    try:
        return datetime.fromisoformat(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _worker() -> list[str]:
    last = last_beat()
    if last is None:
        return ["The worker has never run. Start it with: training worker"]
    late = clock.now() - last > LATEST_BEAT
    return ["The worker is silent. Start it with: training worker"] if late else []


def init_app(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(bp)
