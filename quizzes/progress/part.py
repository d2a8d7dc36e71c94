"""What the trainer's desk adds to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from quizzes.progress import acts, talks, views
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the list of who is where."""
    for module in (views, acts, talks):
        app.register_blueprint(module.bp)
    link = Link(_l("Progress"), "progress.progress", Permission.FOLLOW, "assign")
    register(app, Part("progress", navigation=(link,)))
