"""What rosters add to the platform."""

from functools import partial

from flask import Flask

from training.imports import work
from training.parts import Part, register
from training.rosters import desk, services


def init_app(app: Flask) -> None:
    """Add the pages of importing a roster, and the job that goes on with large ones."""
    app.register_blueprint(desk.bp)
    jobs = {desk.DESK.name: partial(work.take_over, services.SUBJECT)}
    register(app, Part("rosters", jobs=jobs))
