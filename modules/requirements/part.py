"""What requirements add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from modules.requirements import demonstration, listening, models, views
from training.parts import Link, Part, register
from training.permissions import Permission

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the desk of rules, and give people what the rules ask of them."""
    app.register_blueprint(views.bp)
    listening.init_app(app)
    link = Link(_l("Requirements"), "requirements.rules", Permission.SET_REQUIREMENTS, "check")
    register(
        app,
        Part(
            "requirements",
            navigation=(link,),
            demonstrate=demonstration.demonstrate,
            jobs={listening.JOB: listening.run},
        ),
    )
