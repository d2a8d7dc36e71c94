"""What remarks add to the platform."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from modules.remarks import demonstration, desk, keeping, merging
from training.handover import Merge
from training.parts import Link, Part, register
from training.permissions import Permission


def init_app(app: Flask) -> None:
    """Add the form of readers and the page of authors."""
    app.register_blueprint(desk.bp)
    link = Link(_l("Remarks"), "remarks.listed", Permission.AUTHOR_CONTENT, "edit")
    part = Part(
        "remarks",
        navigation=(link,),
        export=keeping.export,
        merge=Merge(merging.preview, merging.move, merging.undo),
        demonstrate=demonstration.demonstrate,
    )
    register(app, part)
