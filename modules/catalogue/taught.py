"""Which version of each course is taught now, and the pictures of its lessons."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from modules.catalogue.models import Asset, Course, CourseVersion
from training.errors import NotFound


def newest_version_of(course_id: InstrumentedAttribute[int]) -> ScalarSelect[Any]:
    """Return the expression for the version taught now of the course in a column; else null."""
    version, course = aliased(CourseVersion), aliased(Course)
    return (
        select(version.id)
        .join(course, course.id == version.course_id)
        .where(version.course_id == course_id, course.withdrawn_at.is_(None))
        .order_by(version.major.desc(), version.minor.desc(), version.patch.desc())
        .limit(1)
        .correlate(course_id.class_)
        .scalar_subquery()
    )


def newest_titles(session: Session) -> dict[int, Mapping[str, str]]:
    """Return the title of every course as its newest version has it, also of withdrawn ones."""
    oldest_first = (CourseVersion.major, CourseVersion.minor, CourseVersion.patch)
    query = select(CourseVersion.course_id, CourseVersion.title).order_by(*oldest_first)
    return {course_id: title for course_id, title in session.execute(query)}  # noqa: C416


def asset(session: Session, digest: str) -> tuple[str, bytes]:
    """Return the media type and the bytes of a picture. Raises `NotFound`."""
    query = select(Asset.media_type, Asset.data).where(Asset.digest == digest)
    found = session.execute(query).first()
    if found is None:
        raise NotFound("There is no such picture.")
    return found[0], found[1]
