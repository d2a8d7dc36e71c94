"""What the trainer's desk adds to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from quizzes.progress import talks
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the list of who is where."""
    app.register_blueprint(talks.bp)
    link = Link(_l("Progress"), "progress.progress", Permission.FOLLOW, "assign")
    register(app, Part("progress", navigation=(link,)))
