"""What accounts add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from training import audit, clock, db
from training.accounts import (
    cards,
    demonstration,
    desk,
    keeping,
    letting_in,
    moving,
    organisation_desk,
    second_step,
    views,
    where,
)
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the pages of getting in and of the administrator's desk."""
    for feature in (views, second_step, where, cards, desk, moving, organisation_desk):
        app.register_blueprint(feature.bp)
    manage = Permission.MANAGE_PEOPLE
    links = (
        Link(_l("Start cards"), "cards.people", Permission.LET_IN, "user"),
        Link(_l("People"), "people.people", manage, "users"),
        Link(_l("Organisation"), "organisation.details", manage, "home"),
    )
    register(
        app,
        Part(
            "accounts",
            navigation=links,
            export=keeping.export,
            check=_check,
            demonstrate=demonstration.demonstrate,
            jobs={"code_requests": _forget_code_requests},
        ),
    )


def _forget_code_requests() -> None:
    with db.transaction() as session:
        letting_in.forget_old(session, at=clock.now())


def _check(session: Session) -> list[str]:
    return audit.broken_seals(session)
