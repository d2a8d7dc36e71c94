"""What readiness is judged from, each in one statement for any number of deployments."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from certificates.readiness.assessing import Exemption, Going, Module, Open, Required
from certificates.readiness.judging import Work
from certificates.readiness.models import Waiver
from modules.assignments.models import Assignment
from modules.catalogue import models as catalogue
from modules.catalogue.models import Course, CourseVersion, Lesson
from modules.catalogue.services import published
from modules.catalogue.taught import newest_version_of
from modules.learning.models import Reading
from modules.requirements.models import Equivalent, Requirement
from modules.requirements.rules import Post, Who
from modules.requirements.validity import Accepted
from quizzes.progress.services import STUCK
from training.accounts.models import Person, Unit
from training.accounts.unit_tree import below
from training.missions.models import Deployment, Mission
from training.permissions import Permission, Viewer

SEE = Permission.SEE_READINESS


@dataclass(frozen=True)
class Wanted:
    """Which deployments are asked for; nought narrows nothing."""

    mission_id: int = 0
    rotation_id: int = 0
    unit_id: int = 0
    deployment_id: int = 0


def within(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition of the deployments that a viewer may see.

    They are those of the organisations as a whole, and those of the units that they command.
    """
    organisations, units = viewer.organisations(SEE), viewer.units(SEE)
    if organisations is None:
        return true()
    theirs = Deployment.organisation_id.in_(organisations)
    return or_(theirs, Deployment.unit_id.in_(below(units))) if units else theirs


def chosen(viewer: Viewer, wanted: Wanted, day: date) -> ColumnElement[bool]:
    """Return the condition of those that are asked for, and not over before a day."""
    conditions = [within(viewer), Deployment.cancelled_at.is_(None)]
    if wanted.deployment_id:
        return and_(*conditions, Deployment.id == wanted.deployment_id)
    conditions.append(Deployment.ends_on >= day)
    if wanted.mission_id:
        conditions.append(Deployment.mission_id == wanted.mission_id)
    if wanted.rotation_id:
        conditions.append(Deployment.rotation_id == wanted.rotation_id)
    if wanted.unit_id:
        conditions.append(Deployment.unit_id.in_(below([wanted.unit_id])))
    return and_(*conditions)


_NOT_OVER = and_(
    Waiver.deployment_id == Deployment.id,
    Waiver.refused_at.is_(None),
    Waiver.ended_at.is_(None),
)
_DEPLOYMENTS: Select[*tuple[Any, ...]] = (
    select(
        Deployment.id,
        Deployment.organisation_id,
        Deployment.person_id,
        Deployment.mission_id,
        Deployment.category,
        Deployment.functions,
        Deployment.starts_on,
        Deployment.ends_on,
        Person.printed_name,
        Person.sort_name,
        Person.user_name,
        Person.rank_band,
        Unit.name.label("unit"),
        Mission.name.label("mission"),
        Mission.framework,
        Course.id.label("course_id"),
        newest_version_of(Course.id).label("version_id"),
        Waiver.id.label("waiver_id"),
        Waiver.requirement_id,
        Waiver.ends_on.label("waived_until"),
        Waiver.granted_at,
    )
    .select_from(Deployment)
    .join(Mission, Mission.id == Deployment.mission_id)
    .outerjoin(Person, Person.id == Deployment.person_id)
    .outerjoin(Unit, Unit.id == Deployment.unit_id)
    .outerjoin(Course, Course.mission_id == Deployment.mission_id)
    .outerjoin(Waiver, _NOT_OVER)
    .order_by(Deployment.id)
)


def going(session: Session, condition: ColumnElement[bool]) -> list[Going]:
    """Return who goes, and which posts are vacant."""
    found: dict[int, Going] = {}
    waivers: dict[int, dict[int, Exemption]] = defaultdict(dict)
    for row in session.execute(_DEPLOYMENTS.where(condition)):
        if row.id not in found:
            found[row.id] = _going(row, waivers[row.id])
        if row.waiver_id is not None:
            granted = row.granted_at is not None
            waiver = Exemption(row.waiver_id, row.waived_until, granted)
            waivers[row.id][row.requirement_id] = waiver
    return list(found.values())


def _going(row: Any, waivers: Mapping[int, Exemption]) -> Going:
    band = row.rank_band.value if row.rank_band else None
    return Going(
        deployment_id=row.id,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        name=row.printed_name or "",
        sort_name=row.sort_name or "",
        user_name=row.user_name or "",
        unit=row.unit,
        mission_id=row.mission_id,
        mission=row.mission,
        post=Post(
            row.framework.value, row.mission_id, row.category.value, tuple(row.functions), band
        ),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        module=Module(row.course_id, row.version_id),
        waivers=waivers,
    )


_REQUIREMENTS: Select[*tuple[Any, ...]] = (
    select(
        *Requirement.__table__.c,
        newest_version_of(Requirement.course_id).label("version_id"),  # type: ignore[arg-type]
        Equivalent.course_id.label("other_id"),
        Equivalent.external,
        Equivalent.max_age_days.label("other_age"),
    )
    .outerjoin(Equivalent, Equivalent.requirement_id == Requirement.id)
    .where(Requirement.retired_at.is_(None))
    .order_by(Requirement.id, Equivalent.id)
)


def required(session: Session, organisation_ids: Collection[int]) -> list[Required]:
    """Return the requirements of these organisations that are in force, the oldest first."""
    rows: dict[int, list[Any]] = defaultdict(list)
    query = _REQUIREMENTS.where(Requirement.organisation_id.in_(organisation_ids))
    for row in session.execute(query):
        rows[row.id].append(row)
    return [_required(same) for same in rows.values()]


def _required(rows: list[Any]) -> Required:
    row = rows[0]
    others = [(r.other_id if r.external is None else r.external, r.other_age) for r in rows]
    return Required(
        id=row.id,
        organisation_id=row.organisation_id,
        who=Who(row.frameworks, row.mission_id, row.categories, row.functions, row.rank_bands),
        course_id=row.course_id,
        version_id=row.version_id,
        component=row.component,
        span=row.span,
        max_age_days=row.max_age_days,
        waivable=row.waivable,
        stand_in=tuple(Accepted(subject, age) for subject, age in others if subject is not None),
    )


def under_way(
    session: Session, people: Select[int], versions: Collection[int]
) -> Mapping[int, list[Open]]:
    """Return what these people have open, with the minutes left of what is taught now.

    Readings of an earlier wording (same X.Y) count for the present one.
    """
    courses = {each.course_id: each for each in (published(session, v) for v in versions)}
    minutes = {key: sum(le.minutes for le in each.lessons) for key, each in courses.items()}
    found: dict[int, tuple[Any, int]] = {}
    for row in session.execute(_open_of(people)):
        course = courses.get(row.course_id)
        same = course is not None and (row.major, row.minor) == (course.major, course.minor)
        _, before = found.get(row.id, (None, 0))
        found[row.id] = (row, before + (row.minutes if same else 0))
    work: dict[int, list[Open]] = defaultdict(list)
    for row, read in found.values():
        left = max(minutes.get(row.course_id, 0) - read, 0)
        each = Work(row.due_on, left, blocked=bool(row.stuck))
        work[row.person_id].append(Open(row.id, row.course_id, row.deployment_id, each))
    return work


def _open_of(people: Select[int]) -> Select[*tuple[Any, ...]]:
    theirs = and_(Assignment.completed_at.is_(None), Assignment.person_id.in_(people))
    # A lesson that was read in two wordings is read once.
    lessons = (
        select(
            Reading.assignment_id,
            CourseVersion.major,
            CourseVersion.minor,
            func.max(Lesson.minutes).label("minutes"),
        )
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .join(catalogue.Module, catalogue.Module.id == Lesson.module_id)
        .join(CourseVersion, CourseVersion.id == catalogue.Module.course_version_id)
        .where(Reading.assignment_id.in_(select(Assignment.id).where(theirs)))
        .group_by(
            Reading.assignment_id,
            CourseVersion.major,
            CourseVersion.minor,
            catalogue.Module.slug,
            Lesson.slug,
        )
        .subquery()
    )
    key = (lessons.c.assignment_id, lessons.c.major, lessons.c.minor)
    read = select(*key, func.sum(lessons.c.minutes).label("minutes")).group_by(*key).subquery()
    return (
        select(
            Assignment.id,
            Assignment.person_id,
            Assignment.course_id,
            Assignment.deployment_id,
            Assignment.due_on,
            STUCK.label("stuck"),
            read.c.major,
            read.c.minor,
            read.c.minutes,
        )
        .outerjoin(read, read.c.assignment_id == Assignment.id)
        .where(theirs)
        .order_by(Assignment.id)
    )
