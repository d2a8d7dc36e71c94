"""What missions add to the platform."""

from flask import Flask

from training.erasure import Erasure
from training.handover import Merge
from training.missions import demonstration, erasing, keeping, merging, models
from training.parts import Part, register

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Make the tables of missions known."""
    register(
        app,
        Part(
            "missions",
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase, erasing.left),
            check=merging.left_behind,
            demonstrate=demonstration.demonstrate,
        ),
    )
