"""What the glossary adds to the platform."""

from flask import Flask

from modules.glossary import services, views
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Add the page of all words, and have the file checked before publishing."""
    app.register_blueprint(views.bp)
    register(app, Part("glossary", validate=services.validate))
