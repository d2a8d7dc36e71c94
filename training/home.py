"""The first page: what is left before departure, and one button that goes on with it."""

from typing import Any

from flask import Blueprint, Flask, render_template
from flask_babel import lazy_gettext as _l

from training import clock, db
from training.auth import requires, signed_in
from training.parts import Link, Part, Step, register, registered
from training.permissions import Permission

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.LEARN)
def home() -> str:
    """Show a person what is assigned to them and what they hold."""
    me = signed_in()
    today = clock.day_at(clock.now(), me.time_zone)
    cards: dict[str, Any] = {}
    for part in registered():
        if part.home is not None:
            cards |= part.home(db.session(), me.person_id, today)
    return render_template("home.html", **cards)


def next_steps(person_id: int, assignment_ids: list[int]) -> dict[int, Step]:
    """Return the next step of each assignment: the feature that comes last decides first."""
    steps: dict[int, Step] = {}
    for part in reversed(registered()):
        if part.steps is None:
            continue
        waiting = [a for a in assignment_ids if a not in steps]
        if waiting:
            steps |= part.steps(db.session(), person_id, waiting)
    return steps


def init_app(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
    link = Link(_l("My training"), "home.home", Permission.LEARN, "home")
    register(app, Part("home", navigation=(link,)))
