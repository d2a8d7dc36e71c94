"""What requirements add to the platform."""

from flask import Flask

from modules.requirements import listening, models
from training.parts import Part, register

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Give people what the rules ask of them."""
    listening.init_app(app)
    register(app, Part("requirements", jobs={listening.JOB: listening.run}))
