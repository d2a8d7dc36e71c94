"""What the end of records adds to the platform."""

from flask import Flask
from sqlalchemy.orm import Session

from training.expiry import job, registry, views
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Add the page of those who will be removed, and the job that does it."""
    app.register_blueprint(views.bp)
    register(app, Part("expiry", check=_check, jobs={"removal": job.run}))


def _check(session: Session) -> list[str]:
    left = [each.left for each in registry.erasures() if each.left is not None]
    return [sentence for look in left for sentence in look(session)]
