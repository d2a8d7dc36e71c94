"""The worker's part in it: once in each day of an organisation it counts who is ready."""

from certificates.readiness import snapshots
from training import clock, db


def run() -> None:
    """Count for every organisation whose day has begun; each is a transaction of its own."""
    for organisation_id, today in snapshots.due(db.session(), at=clock.now()):
        with db.transaction() as session:
            snapshots.write(session, organisation_id, today)
