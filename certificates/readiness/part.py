"""What readiness adds to the platform."""

from datetime import datetime

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from certificates.readiness import (
    demonstration,
    desk,
    erasing,
    job,
    keeping,
    models,
    views,
    waivers,
)
from training import signals
from training.erasure import Erasure
from training.parts import Link, Part, register
from training.permissions import Permission

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the board and the desk of waivers."""
    app.register_blueprint(views.bp)
    app.register_blueprint(desk.bp)
    signals.deployment_changed.connect(_changed)
    link = Link(_l("Readiness"), "readiness.board", Permission.SEE_READINESS, "ready")
    register(
        app,
        Part(
            "readiness",
            navigation=(link,),
            export=keeping.export,
            erasure=Erasure(erasing.erase),
            demonstrate=demonstration.demonstrate,
            jobs={"readiness": job.run},
        ),
    )


def _changed(session: Session, deployment_id: int, at: datetime) -> None:
    waivers.post_changed_hands(session, deployment_id, at)
