"""Reading, progress and completion. Each function runs inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.assignments.services import Owned
from modules.catalogue.models import CourseVersion, Lesson, MayTestFirst, Module
from modules.catalogue.published import PublishedCourse, PublishedLesson, PublishedModule
from modules.catalogue.services import published
from modules.learning.models import Completion, ComponentValidity, Mode, Reading
from training import audit, signals
from training.clock import add_months
from training.errors import NotFound
from training.orm import insert_once, table

Place = tuple[str, str]  # The slugs of a module and of a lesson in it.


@dataclass(frozen=True)
class Progress:
    """What of a course version has been ticked within one assignment."""

    course: PublishedCourse
    read: frozenset[Place]
    test_first: bool

    @property
    def places(self) -> list[tuple[PublishedModule, PublishedLesson]]:
        """Return every lesson in order, with its module."""
        return [(module, lesson) for module in self.course.modules for lesson in module.lessons]

    @property
    def unread(self) -> list[tuple[PublishedModule, PublishedLesson]]:
        """Return the lessons that are not ticked yet, in order."""
        return [(m, lesson) for m, lesson in self.places if (m.slug, lesson.slug) not in self.read]

    @property
    def required(self) -> list[tuple[PublishedModule, PublishedLesson]]:
        """Return the lessons still to be ticked before the test may begin, in order."""
        return self.conduct_left if self.test_first else self.unread

    @property
    def conduct_left(self) -> list[tuple[PublishedModule, PublishedLesson]]:
        """Return the lessons not ticked yet of what expires on its own, in order."""
        return [(module, lesson) for module, lesson in self.unread if module.always_read]

    @property
    def minutes_left(self) -> int:
        """Return the nominal minutes of the lessons that are still required."""
        return sum(lesson.minutes for _module, lesson in self.required)


# Built once: putting the statement together costs more than running it.
_READING, _LESSON, _MODULE, _VERSION = (
    table(model) for model in (Reading, Lesson, Module, CourseVersion)
)
_READ = (
    select(
        _READING.c.assignment_id,
        _MODULE.c.slug,
        _LESSON.c.slug,
        *_VERSION.c["major", "minor"],
    )
    .join(_LESSON, _LESSON.c.id == _READING.c.lesson_id)
    .join(_MODULE, _MODULE.c.id == _LESSON.c.module_id)
    .join(_VERSION, _VERSION.c.id == _MODULE.c.course_version_id)
    .where(_READING.c.assignment_id.in_(bindparam("owners", expanding=True)))
)


def progress(session: Session, owned: Sequence[Owned]) -> dict[int, Progress]:
    """Return the progress of assignments whose course is taught, by assignment id.

    Readings of an earlier wording (same X.Y) count for the present one.
    """
    courses = {
        o.assignment.id: published(session, o.version_id) for o in owned if o.version_id is not None
    }
    read: dict[int, set[Place]] = {assignment_id: set() for assignment_id in courses}
    for owner, module, lesson, major, minor in session.execute(_READ, {"owners": list(courses)}):
        if courses[owner].version.startswith(f"{major}.{minor}."):
            read[owner].add((module, lesson))
    cycles = {o.assignment.id: o.assignment.cycle for o in owned}
    return {
        owner: Progress(course, frozenset(read[owner]), _may_test_first(course, cycles[owner]))
        for owner, course in courses.items()
    }


def _may_test_first(course: PublishedCourse, cycle: int) -> bool:
    return course.test_first is MayTestFirst.ALWAYS or (
        course.test_first is MayTestFirst.REPEAT and cycle > 1
    )


def lesson_at(course: PublishedCourse, module: str, lesson: str) -> PublishedLesson:
    """Return a lesson by its slugs. Raises `NotFound`."""
    for candidate in course.modules:
        for found in candidate.lessons:
            if (candidate.slug, found.slug) == (module, lesson):
                return found
    raise NotFound("There is no such lesson.")


def same_content(
    session: Session, course: PublishedCourse, lesson: PublishedLesson, lesson_id: int
) -> bool:
    """Tell whether an id is that of this lesson, in its present words or in others (same X.Y)."""
    if lesson_id == lesson.id:
        return True
    found = session.execute(
        select(
            CourseVersion.course_id,
            CourseVersion.major,
            CourseVersion.minor,
            Module.slug,
            Lesson.slug,
        )
        .select_from(Lesson)
        .join(Module, Module.id == Lesson.module_id)
        .join(CourseVersion, CourseVersion.id == Module.course_version_id)
        .where(Lesson.id == lesson_id)
    ).first()
    content = (course.course_id, course.major, course.minor)
    return found is not None and tuple(found) == (*content, lesson.module_slug, lesson.slug)


def tick(session: Session, assignment_id: int, lesson_id: int, *, at: datetime) -> None:
    """Note that a lesson has been read; a second tick changes nothing."""
    row = {"assignment_id": assignment_id, "lesson_id": lesson_id, "read_at": at}
    session.execute(insert_once(session, Reading).values(row))


def complete(
    session: Session,
    assignment: Assignment,
    course: PublishedCourse,
    *,
    achieved_on: date,
    at: datetime,
) -> Completion:
    """Record that a course was completed, in the transaction of the pass, and say so upwards."""
    completion = Completion(
        assignment_id=assignment.id,
        course_version_id=course.id,
        mode=Mode.ONLINE,
        minutes=course.minutes,
        achieved_on=achieved_on,
        recorded_at=at,
        valid_until=add_months(achieved_on, course.validity_months),
        components=[
            ComponentValidity(
                component=module.component,
                title=dict(module.title),
                valid_until=add_months(achieved_on, module.component_months),
            )
            for module in course.modules
            if module.component and module.component_months
        ],
    )
    session.add(completion)
    assignment.completed_at = at
    session.flush()
    audit.record(
        session,
        "course.completed",
        "completion",
        completion.id,
        actor_id=assignment.person_id,
        at=at,
    )
    signals.completed.send(session, completion_id=completion.id, at=at)
    return completion


def contradictions(session: Session) -> list[str]:
    """Return a sentence for each assignment and completion that do not agree."""
    lost = session.scalars(
        select(Assignment.id)
        .outerjoin(Completion, Completion.assignment_id == Assignment.id)
        .where(Assignment.completed_at.is_not(None), Completion.id.is_(None))
    )
    open_ = session.scalars(
        select(Assignment.id)
        .join(Completion, Completion.assignment_id == Assignment.id)
        .where(Assignment.completed_at.is_(None))
    )
    bare = session.scalars(
        select(Completion.id)
        .join(Module, Module.course_version_id == Completion.course_version_id)
        .outerjoin(
            ComponentValidity,
            (ComponentValidity.completion_id == Completion.id)
            & (ComponentValidity.component == Module.component),
        )
        .where(Module.component_months.is_not(None), ComponentValidity.id.is_(None))
        .distinct()
    )
    return [
        *(f"Assignment {i} is closed without a completion." for i in lost),
        *(f"Assignment {i} has a completion and is still open." for i in open_),
        *(f"Completion {i} lacks a component of its course." for i in bare),
    ]
