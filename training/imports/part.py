"""What imports add to the platform."""

import time

from flask import Flask

from training import clock, db, installation
from training.erasure import Erasure
from training.imports import applying, around, erasing, keeping, services, views
from training.parts import Part, register

LONGEST_REST = 1.0


def init_app(app: Flask) -> None:
    """Add the pages of importing, and the job that goes on with large lists."""
    app.register_blueprint(views.bp)
    register(
        app,
        Part(
            "imports",
            export=keeping.export,
            erasure=Erasure(erasing.erase, erasing.left),
            jobs={views.APPLY: take_over, "forget_lists": forget},
        ),
    )


def take_over() -> None:
    """Go on with every import that is under way, in transactions of one batch each."""
    for upload_id in applying.waiting(db.session()):
        rows = applying.rows_left(db.session(), upload_id)
        under_way = True
        while under_way:
            taken = around.taken_names(db.session())
            begun = time.monotonic()
            with db.transaction() as session:
                under_way = applying.go_on(session, upload_id, rows, taken, at=clock.now())
            if installation.settings().embedded:
                # SQLite has one writer and no queue: without rests nobody else gets in.
                time.sleep(min(time.monotonic() - begun, LONGEST_REST))


def forget() -> None:
    """Delete the lists of more than a day ago."""
    with db.transaction() as session:
        services.forget_old(session, at=clock.now())
