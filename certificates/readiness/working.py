"""What people still have to do: their open assignments, with the minutes left in each."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from certificates.readiness.assessing import Open
from certificates.readiness.judging import Work
from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion, Lesson, Module
from modules.catalogue.services import published
from modules.learning.models import Reading
from quizzes.progress.services import STUCK
from training.orm import table


def under_way(
    session: Session, people: Select[int], versions: Collection[int]
) -> Mapping[int, list[Open]]:
    """Return what these people have open, with the minutes left of what is taught now.

    Readings of an earlier wording (same X.Y) count for the present one.
    """
    courses = {each.course_id: each for each in (published(session, v) for v in versions)}
    minutes = {key: sum(le.minutes for le in each.lessons) for key, each in courses.items()}
    found: dict[int, Open] = {}
    people_of: dict[int, int] = {}
    for row in session.execute(_open_of(people)):
        # Taken apart at once: asking a row for a name takes as long as all of this.
        number, person_id, course_id, deployment_id, due_on, stuck, *version, read = row
        course = courses.get(course_id)
        if number not in found:
            work = Work(due_on, minutes.get(course_id, 0), blocked=bool(stuck))
            found[number] = Open(number, course_id, deployment_id, work)
            people_of[number] = person_id
        if course is not None and version == [course.major, course.minor]:
            before = found[number]
            left = max(before.work.minutes_left - read, 0)
            found[number] = before._replace(work=before.work._replace(minutes_left=left))
    theirs: dict[int, list[Open]] = defaultdict(list)
    for number, each in found.items():
        theirs[people_of[number]].append(each)
    return theirs


_A, _R, _L, _M, _V = (
    table(model) for model in (Assignment, Reading, Lesson, Module, CourseVersion)
)


def _open_of(people: Select[int]) -> Select[*tuple[Any, ...]]:
    theirs = and_(_A.c.completed_at.is_(None), _A.c.person_id.in_(people))
    # A lesson that was read in two wordings is read once.
    version = (_R.c.assignment_id, _V.c.major, _V.c.minor)
    lessons = (
        select(*version, func.max(_L.c.minutes).label("minutes"))
        .join(_L, _L.c.id == _R.c.lesson_id)
        .join(_M, _M.c.id == _L.c.module_id)
        .join(_V, _V.c.id == _M.c.course_version_id)
        .where(_R.c.assignment_id.in_(select(_A.c.id).where(theirs)))
        .group_by(*version, _M.c.slug, _L.c.slug)
        .subquery()
    )
    key = (lessons.c.assignment_id, lessons.c.major, lessons.c.minor)
    read = select(*key, func.sum(lessons.c.minutes).label("minutes")).group_by(*key).subquery()
    return (
        select(
            *_A.c["id", "person_id", "course_id", "deployment_id", "due_on"],
            STUCK.label("stuck"),
            *read.c["major", "minor", "minutes"],
        )
        .outerjoin(read, read.c.assignment_id == _A.c.id)
        .where(theirs)
        .order_by(_A.c.id)
    )
