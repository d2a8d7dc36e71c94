"""What accounts add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from training import audit, clock, db
from training.accounts import (
    cards,
    choosing,
    demonstration,
    desk,
    erasing,
    keeping,
    letting_in,
    moving,
    organisation_desk,
    second_step,
    sessions,
    start_mail,
    throttle,
    where,
)
from training.erasure import Erasure
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the pages of getting in and of the administrator's desk."""
    for feature in (
        choosing,
        second_step,
        where,
        cards,
        start_mail,
        desk,
        moving,
        organisation_desk,
    ):
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
            erasure=Erasure(erasing.erase, erasing.left),
            check=_check,
            demonstrate=demonstration.demonstrate,
            jobs={"forget": _forget},
            mails={start_mail.START_CODE: start_mail.KIND},
        ),
    )


def _forget() -> None:
    now = clock.now()
    with db.transaction() as session:
        for room in (sessions, throttle, letting_in):
            room.forget_old(session, at=now)


def _check(session: Session) -> list[str]:
    return audit.broken_seals(session)
