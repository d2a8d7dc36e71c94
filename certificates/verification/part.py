"""What verification adds to the platform."""

from flask import Flask

from certificates.verification import views
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Add the public page."""
    app.register_blueprint(views.bp)
    app.extensions["csrf"].exempt(views.check)
    register(app, Part("verification"))
