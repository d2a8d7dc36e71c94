"""What this feature adds to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from training.erasure import Erasure
from training.handover import Merge
from training.kept import demonstration, desk, erasing, keeping, merging, paper, views
from training.parts import Link, Part, register


def init_app(app: Flask) -> None:
    """Add the pages of what is kept, and of those who correct it."""
    for feature in (views, desk):
        app.register_blueprint(feature.bp)
    link = Link(_l("Corrections"), "corrections.requests", desk.READ, "edit")
    register(
        app,
        Part(
            "kept",
            navigation=(link,),
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase, erasing.left),
            check=merging.left_behind,
            demonstrate=demonstration.demonstrate,
            jobs={paper.MAKE: paper.make_papers, "forget_own_papers": paper.forget_papers},
        ),
    )
