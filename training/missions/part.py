"""What missions add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from training.erasure import Erasure
from training.handover import Merge
from training.missions import (
    cards,
    demonstration,
    deploying_views,
    deployment_views,
    erasing,
    keeping,
    merging,
    models,
    panel,
    pocket,
    rotation_views,
    views,
)
from training.parts import Link, Part, register
from training.permissions import Permission

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the planners' desk of missions."""
    for feature in (views, deployment_views, deploying_views, rotation_views, pocket):
        app.register_blueprint(feature.bp)
    register(
        app,
        Part(
            "missions",
            navigation=(Link(_l("Missions"), "missions.listed", Permission.PLAN, "calendar"),),
            panel=panel.panel,
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase, erasing.left),
            check=merging.left_behind,
            demonstrate=demonstration.demonstrate,
            jobs={cards.MAKE: cards.make_cards, "forget_pocket_cards": cards.forget_cards},
        ),
    )
