"""What missions add to the platform."""

from flask import Flask

from training.missions import demonstration, keeping, models
from training.parts import Part, register

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Make the tables of missions known."""
    register(app, Part("missions", export=keeping.export, demonstrate=demonstration.demonstrate))
