"""The assignments of the demonstration, made by its trainers."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from modules.assignments import services
from modules.catalogue.models import Course
from training import db
from training.accounts import demonstration
from training.clock import day_at
from training.permissions import Role

COURSE = "core"
ASSIGNED_BEFORE = 20  # Days before the last act of whoever it is for.
DUE_BEFORE = timedelta(days=21)  # Before departure.
DUE_AFTER = timedelta(days=90)  # After it was assigned, of those who were trained long ago.


def demonstrate(now: datetime) -> None:
    """Assign the core course to everybody of the roster."""
    with db.transaction() as session:
        course = _course(session)
        if course is None or not demonstration.first_time(session, "assignments", at=now):
            return
        trainers = demonstration.holders(session, Role.TRAINER)
        for someone, person in demonstration.people(session):
            at, zone = someone.last_at(now, before=ASSIGNED_BEFORE), person.organisation.time_zone
            departure = day_at(now, zone) + timedelta(days=someone.departs_in)
            due_on = min(departure - DUE_BEFORE, day_at(at, zone) + DUE_AFTER)
            trainer = trainers[person.organisation_id]
            services.assign(session, trainer, course.id, [person.user_name], due_on, at=at)


def _course(session: Session) -> Course | None:
    return next((c for c in services.courses(session) if c.slug == COURSE), None)
