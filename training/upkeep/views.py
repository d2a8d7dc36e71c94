"""The administrator's page that says whether everything is running."""

from flask import Blueprint, render_template

from training import clock, db
from training.auth import requires, signed_in
from training.permissions import Permission
from training.upkeep import lines

bp = Blueprint("upkeep", __name__)


@bp.get("/running")
@requires(Permission.SEE_RUNNING)
def running() -> str:
    """Say of each thing whether it goes well, and what to do when it does not."""
    now = clock.now()
    found = lines.all_lines(db.session(), signed_in().viewer, now)
    failing = sum(line.state != lines.READY for line in found)
    return render_template("upkeep/running.html", lines=found, failing=failing, now=now)
