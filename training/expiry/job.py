"""The worker's part in it: once a day it writes down whose records end, and removes them.

Each batch and each person is a transaction of its own, so whatever stops it, it goes on there.
"""

import logging
from datetime import timedelta

from training import clock, db
from training.expiry import registry, services
from training.upkeep import services as upkeep

EVERY = timedelta(hours=24)
DONE = "removal"
log = logging.getLogger(__name__)


def run() -> None:
    """Do a day's work, unless it was done within a day."""
    now = clock.now()
    if not upkeep.due(db.session(), DONE, EVERY, at=now):
        return
    after: int | None = 0
    while after is not None:
        with db.transaction() as session:
            after = services.write_down(session, after, registry.erasures(), at=now)
    for person_id in services.due(db.session(), at=now):
        _remove(person_id)
    with db.transaction() as session:
        upkeep.note(session, DONE, at=now)


def _remove(person_id: int) -> None:
    # One who cannot be removed must not keep the others from it.
    try:
        with db.transaction() as session:
            services.remove(session, person_id, registry.erasures(), at=clock.now())
    except Exception:
        log.exception("the records of person %s could not be removed", person_id)
