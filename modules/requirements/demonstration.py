"""The rules of the demonstration: the standard ones, taken by its trainers."""

from datetime import datetime

from modules.requirements import services
from training import db
from training.accounts import demonstration
from training.permissions import Role


def demonstrate(now: datetime) -> None:
    """Give every organisation the standard rules."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "requirements", at=now):
            return
        for trainer in demonstration.holders(session, Role.TRAINER).values():
            services.take_standard(session, trainer, at=now)
