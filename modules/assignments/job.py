"""The worker's part in it: once an hour it looks who is to be reminded.

The outbox knows each reminder by what it is about, so two workers, or one that died half-way,
remind nobody twice.
"""

from datetime import timedelta

from modules.assignments import reminding
from training import clock, db
from training.upkeep import services as upkeep

EVERY = timedelta(hours=1)
DONE = "reminders"


def run() -> None:
    """Queue what is to be said today, unless that was done within the hour."""
    now = clock.now()
    if not upkeep.due(db.session(), DONE, EVERY, at=now):
        return
    with db.transaction() as session:
        reminding.remind(session, at=now)
        reminding.digest(session, at=now)
        upkeep.note(session, DONE, at=now)
