"""What the catalogue adds to the platform."""

from flask import Flask

from modules.catalogue import services
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Let the courses be checked and published."""
    register(app, Part("catalogue", validate=services.validate, publish=services.publish))
