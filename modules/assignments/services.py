"""Giving courses to people. Each function runs inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.catalogue.taught import newest_version_of
from training import audit
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import Invalid, NotFound
from training.permissions import Permission, Viewer

PAGE = 100
MOST_LINES = 500


@dataclass(frozen=True)
class Line:
    """What became of one pasted line."""

    text: str
    ok: bool
    message: str


@dataclass(frozen=True)
class Owned:
    """An assignment with the version that is taught now; None when the course is withdrawn."""

    assignment: Assignment
    version_id: int | None


def _owned(person_id: int) -> Select[Assignment, int | None]:
    newest = newest_version_of(Assignment.course_id)
    return (
        select(Assignment, newest)
        .where(Assignment.person_id == person_id)
        .options(joinedload(Assignment.course))
    )


def of_person(session: Session, person_id: int) -> list[Owned]:
    """Return a person's assignments, those due first at the top."""
    query = _owned(person_id).order_by(
        Assignment.completed_at.is_not(None), Assignment.due_on.is_(None), Assignment.due_on
    )
    return [Owned(row, version) for row, version in session.execute(query)]


def own(session: Session, person_id: int, assignment_id: int, *, lock: bool = False) -> Owned:
    """Return one assignment of a person. Raises `NotFound` for anybody else's.

    With `lock` the row is held until the transaction ends, so that counts under it stay true.
    """
    query = _owned(person_id).where(Assignment.id == assignment_id)
    if lock:
        query = query.with_for_update(of=Assignment)
    found = session.execute(query.execution_options(populate_existing=lock)).first()
    if found is None:
        raise NotFound("This course is not assigned to you.")
    return Owned(*found)


def assign(
    session: Session,
    viewer: Viewer,
    course_id: int,
    lines: Sequence[str],
    due_on: date | None,
    *,
    at: datetime,
) -> list[Line]:
    """Assign a course to each person named on a line; the rest is said line by line.

    A line is a user name, a personnel number or an e-mail address. Assigning again what is
    still open only moves its due date; what was completed begins a new cycle.
    Raises `Invalid` for an unknown or withdrawn course.
    """
    course = session.get(Course, course_id)
    if course is None or course.withdrawn_at is not None:
        raise Invalid("course", "There is no such course.")
    names = [line.strip() for line in lines if line.strip()]
    if len(names) > MOST_LINES:
        raise Invalid("people", "Please send at most 500 lines at a time.")
    found = _people_by_line(session, viewer, names)
    outcome: list[Line] = []
    seen: set[int] = set()
    for name in names:
        person = found.get(name.casefold())
        if person is None:
            outcome.append(
                Line(name, ok=False, message="Nobody you may assign to is known as this.")
            )
        elif person.id in seen:
            outcome.append(Line(name, ok=False, message="This person is on an earlier line."))
        else:
            seen.add(person.id)
            outcome.append(
                Line(name, True, _assign_one(session, viewer, person, course, due_on, at))
            )
    return outcome


def _people_by_line(session: Session, viewer: Viewer, names: Sequence[str]) -> dict[str, Person]:
    folded = {name.casefold() for name in names}
    query = within(viewer, Permission.ASSIGN).where(
        Person.is_active,
        or_(
            Person.user_name.in_(folded),
            func.lower(Person.personnel_number).in_(folded),
            func.lower(Person.email).in_(folded),
        ),
    )
    found: dict[str, Person] = {}
    for person in session.scalars(query):
        for known in (person.email, person.personnel_number, person.user_name):
            if known:
                found[known.casefold()] = person
    return found


def _assign_one(
    session: Session,
    viewer: Viewer,
    person: Person,
    course: Course,
    due_on: date | None,
    at: datetime,
) -> str:
    # The person is locked first, so that two trainers at once make one assignment.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    last = session.scalars(
        select(Assignment)
        .where(Assignment.person_id == person.id, Assignment.course_id == course.id)
        .order_by(Assignment.cycle.desc())
        .limit(1)
    ).first()
    if last is not None and last.completed_at is None:
        last.due_on = due_on
        message = "Already assigned; the due date is set."
    else:
        last = Assignment(
            person_id=person.id,
            course_id=course.id,
            cycle=last.cycle + 1 if last else 1,
            due_on=due_on,
            assigned_by_id=viewer.person_id,
            assigned_at=at,
        )
        session.add(last)
        message = "Assigned."
    session.flush()
    audit.record(
        session,
        "assignment.made",
        "assignment",
        last.id,
        actor_id=viewer.person_id,
        at=at,
        due_on=due_on.isoformat() if due_on else None,
    )
    return message


def courses(session: Session) -> list[Course]:
    """Return the courses that can be assigned."""
    return list(session.scalars(select(Course).where(Course.withdrawn_at.is_(None))))


def listed(
    session: Session, viewer: Viewer, state: str, after: int | None, today: date
) -> list[Assignment]:
    """Return one page of the viewer's people's assignments, newest first, and one more."""
    people = within(viewer, Permission.ASSIGN).with_only_columns(Person.id)
    query = select(Assignment).where(Assignment.person_id.in_(people))
    if state == "done":
        query = query.where(Assignment.completed_at.is_not(None))
    elif state in {"open", "late"}:
        query = query.where(Assignment.completed_at.is_(None))
    if state == "late":
        query = query.where(Assignment.due_on < today)
    if after is not None:
        query = query.where(Assignment.id < after)
    options = (joinedload(Assignment.person), joinedload(Assignment.course))
    return list(
        session.scalars(query.options(*options).order_by(Assignment.id.desc()).limit(PAGE + 1))
    )
