"""What readiness adds to the platform."""

from flask import Flask

from certificates.readiness import models
from training.parts import Part, register

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Make the tables of readiness known."""
    register(app, Part("readiness"))
