"""Who goes on which mission, and what is taught for it, in few statements for many people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import published
from modules.catalogue.taught import newest_version_of
from modules.requirements.rules import Post
from modules.requirements.validity import Held, Tour
from training.accounts.models import Organisation, Person
from training.clock import add_months, day_at
from training.missions.models import Deployment, Mission

# The last day of a deployment is judged where its organisation is.
A_DAY = timedelta(days=1)
_GOING: Select[*tuple[Any, ...]] = (
    select(
        Deployment.id,
        Deployment.person_id,
        Deployment.organisation_id,
        Deployment.mission_id,
        Deployment.category,
        Deployment.functions,
        Deployment.starts_on,
        Deployment.ends_on,
        Mission.framework,
        Person.rank_band,
        Organisation.time_zone,
    )
    .join(Mission, Mission.id == Deployment.mission_id)
    .join(Person, Person.id == Deployment.person_id)
    .join(Organisation, Organisation.id == Deployment.organisation_id)
    .where(
        Deployment.cancelled_at.is_(None),
        # Who has gone over to another organisation goes for that one.
        Person.organisation_id == Deployment.organisation_id,
        Person.is_active,
        Person.left_at.is_(None),
    )
    .order_by(Deployment.id)
)


@dataclass(frozen=True)
class Going:
    """Somebody's deployment, as the rules see it."""

    person_id: int
    organisation_id: int
    post: Post
    tour: Tour
    time_zone: str
    # What day it is where the organisation is.
    today: date


@dataclass(frozen=True)
class Taught:
    """What can be given now, by the ids of courses, and the module of each mission."""

    courses: Mapping[int, PublishedCourse]
    mission_modules: Mapping[int, int]


def going(session: Session, whose: ColumnElement[bool], at: datetime) -> list[Going]:
    """Return the deployments that are neither cancelled nor over. One statement."""
    query = _GOING.where(whose, Deployment.ends_on >= at.date() - A_DAY)
    found = [_going(row, at) for row in session.execute(query)]
    return [each for each in found if each.tour.ends_on >= each.today]


def _going(row: Any, at: datetime) -> Going:
    band = row.rank_band.value if row.rank_band else None
    return Going(
        row.person_id,
        row.organisation_id,
        Post(row.framework.value, row.mission_id, row.category.value, row.functions, band),
        Tour(row.id, row.starts_on, row.ends_on),
        row.time_zone,
        day_at(at, row.time_zone),
    )


def taught(session: Session) -> Taught:
    """Return every course that can be given. One statement once the courses were read."""
    query = select(Course.id, Course.mission_id, newest_version_of(Course.id))
    rows = [row for row in session.execute(query) if row[2] is not None]
    return Taught(
        {course_id: published(session, version) for course_id, _mission, version in rows},
        {mission: course_id for course_id, mission, _version in rows if mission is not None},
    )


def fresh(course: PublishedCourse, today: date, deployment_id: int) -> Held:
    """Return what somebody would hold who completed a course today, for a deployment."""
    return Held(
        course.course_id,
        today,
        add_months(today, course.validity_months),
        {
            module.component: add_months(today, module.component_months)
            for module in course.modules
            if module.component and module.component_months
        },
        deployment_id,
    )
