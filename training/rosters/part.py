"""What rosters add to the platform."""

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l

from training.imports import work
from training.parts import Link, Part, register
from training.permissions import Permission
from training.rosters import desk, services


def init_app(app: Flask) -> None:
    """Add the pages of importing a roster, and the job that goes on with large ones."""
    app.register_blueprint(desk.bp)
    register(
        app,
        Part(
            "rosters",
            navigation=(Link(_l("Import a roster"), "rosters.start", Permission.PLAN, "calendar"),),
            jobs={desk.DESK.name: partial(work.take_over, services.SUBJECT)},
        ),
    )
