"""Publishing courses, and reading what was published without asking the database twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from modules.catalogue import files, rows, rules, version_rules
from modules.catalogue import published as values
from modules.catalogue.cache import Forever, forget_on_rollback
from modules.catalogue.known import NEWEST_FIRST, Known, known
from modules.catalogue.models import Asset, Course, CourseVersion, Lesson, LessonText, Module
from modules.catalogue.prepared import prepare
from modules.catalogue.published import PublishedCourse
from modules.catalogue.written import (
    WrittenCourse,
)
from training.errors import DomainError, NotFound, Problem


def validate(session: Session, folder: Path) -> list[Problem]:
    """Return everything that keeps the courses from being published, sorted by place."""
    courses = files.read(folder)
    return _problems(session, courses, known(session, courses))


def publish(session: Session, folder: Path, at: datetime) -> list[str]:
    """Publish each course whose version is new, and return a line about each."""
    courses = files.read(folder)
    there = known(session, courses)
    fresh = [c for c in courses if c.slug not in there or not there[c.slug].has(c.numbers)]
    if not fresh:
        return []
    if found := _problems(session, fresh, there):
        # What is published stays for ever: nothing unsound gets that far, whoever calls.
        raise DomainError("\n".join(str(problem) for problem in found))
    forget_on_rollback(session)
    for written in fresh:
        course = there[written.slug].course if written.slug in there else Course(slug=written.slug)
        session.add(rows.version(written, course, at, prepare(written).texts))
    wanted = {picture.digest for picture in rows.pictures(fresh)}
    kept = session.scalars(select(Asset.digest).where(Asset.digest.in_(wanted))).all()
    session.add_all(rows.assets(fresh, kept))
    session.flush()
    return [rows.line(written) for written in fresh]


def latest(session: Session, slug: str) -> PublishedCourse | None:
    """Return the newest version of a course by its slug, whether or not it is withdrawn."""
    version_id = session.scalar(
        select(CourseVersion.id)
        .join(CourseVersion.course)
        .where(Course.slug == slug)
        .order_by(*NEWEST_FIRST)
        .limit(1)
    )
    return None if version_id is None else published(session, version_id)


def published(session: Session, version_id: int) -> PublishedCourse:
    """Return a course version with everything in it but the texts of its lessons."""
    return _courses.get(session, version_id)


def lesson_parts(session: Session, lesson_id: int, language: str) -> Sequence[Mapping[str, str]]:
    """Return the parts of a lesson in one language of its content."""
    return _parts.get(session, (lesson_id, language))


def _load_course(session: Session, version_id: int) -> PublishedCourse:
    row = session.scalar(
        select(CourseVersion)
        .where(CourseVersion.id == version_id)
        .options(
            joinedload(CourseVersion.course),
            selectinload(CourseVersion.modules).options(
                selectinload(Module.objectives), selectinload(Module.lessons)
            ),
        )
    )
    if row is None:
        raise NotFound("This version of the course does not exist.")
    return values.course(row)


def _load_parts(session: Session, key: tuple[int, str]) -> tuple[Mapping[str, str], ...]:
    lesson_id, language = key
    parts = session.scalar(
        select(LessonText.parts)
        .join(Lesson, Lesson.id == LessonText.lesson_id)
        .where(Lesson.id == lesson_id, LessonText.language == language)
    )
    if parts is None:
        raise NotFound("This lesson does not exist.")
    return tuple(parts)


_courses = Forever(_load_course)
_parts = Forever(_load_parts)


def _problems(
    session: Session, courses: Sequence[WrittenCourse], there: Mapping[str, Known]
) -> list[Problem]:
    found = set(rules.among(courses))
    for course in courses:
        found.update(prepare(course).problems)
        versions = there[course.slug].versions if course.slug in there else ()
        if versions:
            found.update(version_rules.number(course, versions))
            newest = published(session, versions[0].id)
            found.update(version_rules.structure(course, newest))
    return sorted(found)
