"""Every cycle of a person in every course: assigned, tried, completed, certified."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.reading import all_of
from certificates.register.state import Held, speaking
from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion
from modules.catalogue.taught import newest_titles
from modules.learning.models import Completion
from quizzes.attempts.models import Attempt
from quizzes.attempts.sheets import of_assignments


@dataclass(frozen=True)
class Cycle:
    """One time through a course."""

    assignment: Assignment
    attempts: tuple[Attempt, ...]
    completion: Completion | None
    version: str | None
    held: Held | None


@dataclass(frozen=True)
class CourseRecord:
    """A course with its cycles, the newest first."""

    course_id: int
    title: Mapping[str, str]
    cycles: tuple[Cycle, ...]

    def standing(self, day: date) -> Held | None:
        """Return the certificate that speaks for the course on a day."""
        return speaking((c.held for c in self.cycles if c.held is not None), day)


def of_person(session: Session, person_id: int, *, documents: bool) -> list[CourseRecord]:
    """Return the record of a person, course by course."""
    rows = session.execute(
        select(
            Assignment,
            Completion,
            CourseVersion.major,
            CourseVersion.minor,
            CourseVersion.patch,
        )
        .outerjoin(Completion, Completion.assignment_id == Assignment.id)
        .outerjoin(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .where(Assignment.person_id == person_id)
        .order_by(Assignment.course_id, Assignment.cycle.desc())
    ).all()
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in of_assignments(session, [row[0].id for row in rows]):
        attempts[attempt.assignment_id].append(attempt)
    held = {h.certificate.completion_id: h for h in all_of(session, person_id, documents=documents)}
    courses: dict[int, list[Cycle]] = defaultdict(list)
    for assignment, completion, major, minor, patch in rows:
        cycle = Cycle(
            assignment,
            tuple(attempts[assignment.id]),
            completion,
            f"{major}.{minor}.{patch}" if completion else None,
            held.get(completion.id) if completion else None,
        )
        courses[assignment.course_id].append(cycle)
    titles = newest_titles(session)
    return [CourseRecord(i, titles[i], tuple(cycles)) for i, cycles in courses.items()]
