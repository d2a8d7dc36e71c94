"""Who is reminded of what; the outbox takes each reminder once. In the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from modules.assignments.due import CATCH_UP, DAYS, reminder
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from training.accounts.models import Organisation, Person, RoleGrant
from training.clock import day_at
from training.mail import services as outbox
from training.mail.services import Wish
from training.permissions import Role

DUE, LATE, DIGEST = "due", "late", "digest"
# Nobody is disturbed sooner, where they work.
HOUR = 7
SOON = timedelta(days=14)


def remind(session: Session, *, at: datetime) -> None:
    """Queue a reminder for everybody whose day has come; again, it changes nothing."""
    for zone in _awake(session, at):
        today = day_at(at, zone)
        wanted: dict[str, list[Wish]] = {DUE: [], LATE: []}
        for assignment_id, person_id, due_on, assigned_at in session.execute(_open(zone, today)):
            days = due_on and reminder(due_on, day_at(assigned_at, zone), today)
            if due_on and days:
                arguments = {"id": str(assignment_id), "due_on": due_on.isoformat()}
                # Another due date is another reason.
                about = f"{assignment_id}:{due_on}:{days}"
                wanted[LATE if days < 0 else DUE].append(Wish(person_id, about, arguments))
        for kind, wishes in wanted.items():
            outbox.queue(session, kind, wishes, at=at)


def _awake(session: Session, at: datetime) -> Iterable[str]:
    zones = session.scalars(select(Organisation.time_zone).distinct())
    return [zone for zone in zones if at.astimezone(ZoneInfo(zone)).hour >= HOUR]


def _open(zone: str, today: date) -> Select[int, int, date | None, datetime]:
    first, last = today - CATCH_UP + timedelta(days=min(DAYS)), today + timedelta(days=max(DAYS))
    return (
        select(Assignment.id, Person.id, Assignment.due_on, Assignment.assigned_at)
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(
            Organisation.time_zone == zone,
            Person.is_active,
            Person.email.is_not(None),
            Course.withdrawn_at.is_(None),
            Assignment.completed_at.is_(None),
            Assignment.due_on.between(first, last),
        )
    )


def still_due(session: Session, arguments: Mapping[str, str]) -> bool:
    """Tell whether what a reminder is about is still open, and due on the same day."""
    found = session.get(Assignment, int(arguments["id"]))
    return (
        found is not None
        and found.completed_at is None
        and found.due_on is not None
        and found.due_on.isoformat() == arguments["due_on"]
    )


def digest(session: Session, *, at: datetime) -> None:
    """Queue the weekly counts for every trainer, on Monday or the first day after it."""
    for zone in _awake(session, at):
        today = day_at(at, zone)
        year, week, _day = today.isocalendar()
        trainers = (
            select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(
                RoleGrant.role == Role.TRAINER,
                or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
                Organisation.time_zone == zone,
                Person.is_active,
                Person.email.is_not(None),
            )
        )
        ids = session.scalars(trainers.distinct().order_by(RoleGrant.person_id))
        wishes = [Wish(one, f"{one}:{year}-{week}", {}) for one in ids]
        outbox.queue(session, DIGEST, wishes, at=at)


def counted(session: Session, person_id: int, *, at: datetime) -> Mapping[str, int]:
    """Return how many courses are late and due soon among the people whom a trainer trains."""
    home = select(Organisation.time_zone).join(Person, Person.organisation_id == Organisation.id)
    today = day_at(at, session.scalars(home.where(Person.id == person_id)).one())
    within = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == Role.TRAINER,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    query = (
        select(
            func.count().filter(Assignment.due_on < today),
            func.count().filter(Assignment.due_on.between(today, today + SOON)),
        )
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Person.organisation_id.in_(within),
            Person.is_active,
            Assignment.completed_at.is_(None),
        )
    )
    late, soon = session.execute(query.select_from(Assignment)).one()
    return {"late": late, "soon": soon}
