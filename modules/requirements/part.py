"""What requirements add to the platform."""

from flask import Flask

from modules.requirements import models
from training.parts import Part, register

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Make the tables of requirements known."""
    register(app, Part("requirements"))
