"""Whom a rule would affect before it is saved, and who can never meet it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.published import PublishedCourse
from modules.requirements import held, tours
from modules.requirements.asked import Asked
from modules.requirements.tours import Going, Taught
from modules.requirements.validity import Held, judge
from modules.requirements.wants import Cannot, cannot
from training import audit
from training.accounts.models import Person
from training.missions.models import Deployment
from training.permissions import Viewer

# So many are named; the others are counted.
MOST = 20


@dataclass(frozen=True)
class Never:
    """Somebody whose deployment can never meet the rule, and why."""

    name: str
    going: Going
    reason: Cannot


@dataclass(frozen=True)
class Reach:
    """How many people a rule is about, and what it would mean for them."""

    people: int
    # Of these, how many lack it and have nothing of it open.
    to_train: int
    # How many deployments can never meet it, and the first of them.
    never: int
    named: Sequence[Never]
    # People on missions whose module does not exist yet.
    unwritten: int


def foresee(session: Session, organisation_id: int, asked: Asked, *, at: datetime) -> Reach:
    """Return what a rule would mean for all who are deployed now or soon. Five statements."""
    home = Deployment.organisation_id == organisation_id
    found = [g for g in tours.going(session, home, at) if asked.who.includes(g.post)]
    taught = tours.taught(session)
    goes = select(Deployment.person_id).where(home, Deployment.person_id.is_not(None))
    holds = held.of_people(session, goes)  # type: ignore[arg-type]  # Nobody is left out above.
    open_ = _open(session, organisation_id)
    affected, lacking, unwritten, never = set(), set(), set(), []
    for each in found:
        affected.add(each.person_id)
        course = _course(asked, each, taught)
        if course is None:
            unwritten.add(each.person_id)
            continue
        reason = _lacks(asked, each, holds.get(each.person_id, ()), taught, course)
        if reason is None:
            continue
        if (each.person_id, course.course_id) not in open_:
            lacking.add(each.person_id)
        if reason is not Cannot.NOTHING:
            never.append((each, reason))
    named = _named(session, never[:MOST])
    return Reach(len(affected), len(lacking), len(never), named, len(unwritten))


def _course(asked: Asked, going: Going, taught: Taught) -> PublishedCourse | None:
    course_id = asked.course_id or taught.mission_modules.get(going.post.mission_id)
    return taught.courses.get(course_id) if course_id else None


def _lacks(
    asked: Asked, going: Going, holds: Sequence[Held], taught: Taught, course: PublishedCourse
) -> Cannot | None:
    rule = asked.rule(taught.mission_modules, going.post.mission_id)
    if rule is None or judge(rule, going.tour, holds).standing.met:
        return None
    last = tours.fresh(course, max(going.tour.starts_on, going.today), going.tour.deployment_id)
    return cannot(rule, going.tour, last, course.minutes, going.today)


def _open(session: Session, organisation_id: int) -> set[tuple[int, int]]:
    query = (
        select(Assignment.person_id, Assignment.course_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Person.organisation_id == organisation_id, Assignment.completed_at.is_(None))
    )
    return {(person_id, course_id) for person_id, course_id in session.execute(query)}


def _named(session: Session, never: Sequence[tuple[Going, Cannot]]) -> Sequence[Never]:
    ids = [going.person_id for going, _reason in never]
    query = select(Person.id, Person.printed_name).where(Person.id.in_(ids))
    names = {person_id: name for person_id, name in session.execute(query)}  # noqa: C416
    return [Never(names[going.person_id], going, reason) for going, reason in never]


def record(session: Session, viewer: Viewer, reach: Reach, *, at: datetime) -> None:
    """Write down that somebody was shown by name who cannot meet a rule."""
    if reach.named:
        audit.record(
            session,
            "requirement.foreseen",
            "organisation",
            viewer.organisation_id,
            actor_id=viewer.person_id,
            at=at,
            people=len(reach.named),
        )
