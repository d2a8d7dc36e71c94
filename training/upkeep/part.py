"""What upkeep adds to the platform."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from training import audit, clock, db, installation
from training.parts import Link, Part, register
from training.permissions import Permission
from training.upkeep import seal_log, services, views


def init_app(app: Flask) -> None:
    """Add the page of what is running."""
    app.register_blueprint(views.bp)
    link = Link(_l("Is everything running?"), "upkeep.running", Permission.SEE_RUNNING, "schedule")
    register(
        app,
        Part(
            "upkeep",
            navigation=(link,),
            check=_check,
            lost=_lost,
            numbers=_numbers,
            jobs={"seal": _seal},
        ),
    )


def _numbers(_session: Session, _now: datetime) -> Mapping[str, float]:
    return {"jobs_waiting": current_app.extensions["queue"].pending_count()}


def _check(session: Session) -> list[str]:
    return seal_log.contradictions(session, installation.settings().data)


def _lost(session: Session) -> list[str]:
    return seal_log.lost(session, installation.settings().data)


def _seal() -> None:
    now = clock.now()
    with db.transaction() as session:
        while audit.seal(session, at=now):
            pass
    newest = seal_log.due(db.session(), at=now)
    if newest is not None:
        # First the list: after a crash in between it has the seal twice, which harms nobody.
        seal_log.append(installation.settings().data, newest)
        with db.transaction() as session:
            services.note(session, seal_log.WRITTEN, at=now)
