"""What the running application was told about its installation."""

from flask import current_app

from training.config import Settings


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found
