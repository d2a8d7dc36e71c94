"""Which of the courses written in files the database has already, and in which versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course, CourseVersion
from modules.catalogue.written import (
    WrittenCourse,
)

NEWEST_FIRST = (CourseVersion.major.desc(), CourseVersion.minor.desc(), CourseVersion.patch.desc())


@dataclass(frozen=True)
class Known:
    """A course that the database has, with its versions, the newest first."""

    course: Course
    versions: tuple[CourseVersion, ...] = ()

    def has(self, numbers: tuple[int, int, int] | None) -> bool:
        """Tell whether a version is published already."""
        return any((v.major, v.minor, v.patch) == numbers for v in self.versions)


def known(session: Session, courses: Sequence[WrittenCourse]) -> dict[str, Known]:
    """Return the courses that the database has, by their slugs."""
    rows = session.execute(
        select(Course, CourseVersion)
        .outerjoin(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.slug.in_({course.slug for course in courses}))
        .order_by(*NEWEST_FIRST)
    ).all()
    found: dict[str, Known] = {}
    for course, version in rows:
        before = found.get(course.slug, Known(course)).versions
        found[course.slug] = Known(course, (*before, version) if version else before)
    return found
