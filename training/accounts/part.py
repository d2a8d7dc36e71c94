"""What accounts add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from training import audit
from training.accounts import demonstration, desk, moving, organisation_desk, views
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the pages of getting in and of the administrator's desk."""
    app.register_blueprint(views.bp)
    app.register_blueprint(desk.bp)
    app.register_blueprint(moving.bp)
    app.register_blueprint(organisation_desk.bp)
    manage = Permission.MANAGE_PEOPLE
    links = (
        Link(_l("People"), "people.people", manage, "users"),
        Link(_l("Organisation"), "organisation.details", manage, "home"),
    )
    register(
        app,
        Part(
            "accounts",
            navigation=links,
            check=_check,
            demonstrate=demonstration.demonstrate,
        ),
    )


def _check(session: Session) -> list[str]:
    return audit.broken_seals(session)
