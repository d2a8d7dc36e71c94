"""What the question bank adds to the platform."""

from flask import Flask

from quizzes.bank import services
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Let the questions be checked and published with their courses."""
    part = Part(
        "bank",
        validate=services.validate,
        publish=services.publish,
        questions=services.bank_of,
    )
    register(app, part)
