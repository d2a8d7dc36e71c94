"""What approving adds to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from modules.approval import views
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the pages of reviewers."""
    app.register_blueprint(views.bp)
    link = Link(_l("Course versions"), "approval.versions", Permission.AUTHOR_CONTENT, "book")
    register(app, Part("approval", navigation=(link,)))
