"""What upkeep adds to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from training import audit, clock, db
from training.parts import Link, Part, register
from training.permissions import Permission
from training.upkeep import views


def init_app(app: Flask) -> None:
    """Add the page of what is running."""
    app.register_blueprint(views.bp)
    link = Link(_l("Is everything running"), "upkeep.running", Permission.SEE_RUNNING, "schedule")
    register(app, Part("upkeep", navigation=(link,), jobs={"seal": _seal}))


def _seal() -> None:
    with db.transaction() as session:
        while audit.seal(session, at=clock.now()):
            pass
