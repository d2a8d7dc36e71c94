"""The work of the worker: it goes on with large lists of one subject."""

import time

from training import clock, db, installation
from training.imports import applying, around
from training.imports.subjects import Subject

LONGEST_REST = 1.0


def take_over(subject: Subject) -> None:
    """Go on with every import that is under way, in transactions of one batch each."""
    for upload_id in applying.waiting(db.session(), subject):
        rows = applying.rows_of(db.session(), subject, upload_id)
        under_way = True
        while under_way:
            taken = around.taken_names(db.session())
            begun = time.monotonic()
            with db.transaction() as session:
                under_way = applying.go_on(session, subject, upload_id, rows, taken, at=clock.now())
            if installation.settings().embedded:
                # SQLite has one writer and no queue: without rests nobody else gets in.
                time.sleep(min(time.monotonic() - begun, LONGEST_REST))
