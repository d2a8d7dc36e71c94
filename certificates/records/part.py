"""What records add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from certificates.records import lists, views
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add HR's desk and everybody's own history."""
    app.register_blueprint(views.bp)
    app.register_blueprint(lists.mine_bp)
    find = _l("Find a person or certificate")
    link = Link(find, "records.search", Permission.READ_RECORDS, "search")
    register(app, Part("records", navigation=(link,)))
