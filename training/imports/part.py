"""What imports add to the platform."""

from flask import Flask

from training import clock, db
from training.imports import applying, keeping, services, views
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Add the pages of importing, and the job that goes on with large lists."""
    app.register_blueprint(views.bp)
    register(
        app,
        Part(
            "imports",
            export=keeping.export,
            jobs={views.APPLY: take_over, "forget_lists": forget},
        ),
    )


def take_over() -> None:
    """Go on with every import that is under way, in transactions of one batch each."""
    for upload_id in applying.waiting(db.session()):
        rows = applying.rows_left(db.session(), upload_id)
        under_way = True
        while under_way:
            with db.transaction() as session:
                under_way = applying.go_on(session, upload_id, rows, at=clock.now())


def forget() -> None:
    """Delete the lists of more than a day ago."""
    with db.transaction() as session:
        services.forget_old(session, at=clock.now())
