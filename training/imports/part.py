"""What imports add to the platform."""

from functools import partial

from flask import Flask

from training import clock, db
from training.erasure import Erasure
from training.imports import erasing, keeping, people, people_desk, services, work
from training.parts import Part, register


def init_app(app: Flask) -> None:
    """Add the pages of importing, and the job that goes on with large lists."""
    app.register_blueprint(people_desk.bp)
    register(
        app,
        Part(
            "imports",
            export=keeping.export,
            erasure=Erasure(erasing.erase, erasing.left),
            jobs={
                people_desk.DESK.name: partial(work.take_over, people.SUBJECT),
                "forget_lists": forget,
            },
        ),
    )


def forget() -> None:
    """Delete the lists of more than a day ago."""
    with db.transaction() as session:
        services.forget_old(session, at=clock.now())
