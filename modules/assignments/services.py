"""Giving courses to people. Each function runs inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from modules.assignments import bulk, giving
from modules.assignments.addressees import Addressee, members, read
from modules.assignments.models import Assignment, BulkKind
from modules.catalogue.approvals import Approved, in_force
from modules.catalogue.models import Approval, Course
from modules.catalogue.taught import newest_version_of
from training.accounts.models import Person
from training.errors import Invalid, NotFound, spoken
from training.missions.models import Deployment
from training.permissions import Viewer

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
    # When they leave: on the deployment that a rule gave it for, else on their next one; known of
    # all those of a person only.
    starts_on: date | None = None


# Built once: putting the statement together costs more than running it.
_OWNED: Select[Assignment, int | None] = select(
    Assignment, newest_version_of(Assignment.course_id)
).where(Assignment.person_id == bindparam("owner"))
_NEXT = aliased(Deployment)
_LEAVES_NEXT = (
    select(func.min(_NEXT.starts_on))
    .where(
        _NEXT.person_id == Assignment.person_id,
        _NEXT.cancelled_at.is_(None),
        _NEXT.starts_on >= bindparam("today", type_=Date),
    )
    .scalar_subquery()
)
_IN_ORDER = (
    _OWNED.outerjoin(Deployment, Deployment.id == Assignment.deployment_id)
    .add_columns(func.coalesce(Deployment.starts_on, _LEAVES_NEXT))
    .order_by(Assignment.completed_at.is_not(None), Assignment.due_on.is_(None), Assignment.due_on)
)
_ONE = _OWNED.where(Assignment.id == bindparam("wanted"))
_ONE_HELD = _ONE.with_for_update(of=Assignment).execution_options(populate_existing=True)


# Lessons and contents say who approved them, and must not cost a statement more for it.
_ONE_SHOWN = _ONE.outerjoin(
    Approval, Approval.id == in_force(newest_version_of(Assignment.course_id))
).add_columns(Approval.function, Approval.approved_on)


def of_person(session: Session, person_id: int, today: date | None = None) -> list[Owned]:
    """Return a person's assignments, those due first at the top.

    Departures that are not a rule's own are known when `today` is given.
    """
    values = {"owner": person_id, "today": today}
    return [Owned(*row) for row in session.execute(_IN_ORDER, values)]


def own(session: Session, person_id: int, assignment_id: int, *, lock: bool = False) -> Owned:
    """Return one assignment of a person. Raises `NotFound` for anybody else's.

    With `lock` the row is held until the transaction ends, so that counts under it stay true.
    """
    query = _ONE_HELD if lock else _ONE
    found = session.execute(query, {"owner": person_id, "wanted": assignment_id}).first()
    if found is None:
        raise NotFound("This course is not assigned to you.")
    return Owned(*found)


def own_with_approval(
    session: Session, viewer: Viewer, assignment_id: int
) -> tuple[Owned, Approved | None]:
    """Return an assignment of the viewer, and who approved what is taught in it.

    Raises `NotFound` for anybody else's.
    """
    values = {
        "owner": viewer.person_id,
        "wanted": assignment_id,
        "organisation": viewer.organisation_id,
    }
    found = session.execute(_ONE_SHOWN, values).first()
    if found is None:
        raise NotFound("This course is not assigned to you.")
    row, version_id, function, day = found
    return Owned(row, version_id), Approved(function, day) if function else None


def assign(
    session: Session,
    viewer: Viewer,
    course_id: int,
    lines: Sequence[str],
    due_on: date | None,
    *,
    at: datetime,
    unit_id: int | None = None,
) -> list[Line]:
    """Assign a course to each person named on a line or standing in a unit, said line by line.

    A line is a user name, a personnel number or an e-mail address. Assigning again what is
    still open only moves its due date, and not without a new one; what was completed begins a
    new cycle.
    Raises `Invalid` for an unknown or withdrawn course, and for a unit out of scope.
    """
    course = session.get(Course, course_id)
    if course is None or course.withdrawn_at is not None:
        raise Invalid("course", "There is no such course.")
    names = [line.strip() for line in lines if line.strip()]
    if len(names) > MOST_LINES:
        raise Invalid("people", "Please send at most 500 lines at a time.")
    addressees = read(session, viewer, names)
    if unit_id:
        addressees += members(session, viewer, unit_id, addressees)
    addressees = [_not_oneself(addressee, viewer) for addressee in addressees]
    people = [a.person for a in addressees if a.person is not None]
    said = _give(session, viewer, people, course, due_on, at) if people else {}
    return [
        Line(a.text, ok=a.person is not None, message=said[a.person.id] if a.person else a.refusal)
        for a in addressees
    ]


def _not_oneself(addressee: Addressee, viewer: Viewer) -> Addressee:
    if addressee.person is None or addressee.person.id != viewer.person_id:
        return addressee
    refusal = spoken("You cannot assign training to yourself. Ask another trainer.")
    return Addressee(addressee.text, None, refusal)


def _give(
    session: Session,
    viewer: Viewer,
    people: Sequence[Person],
    course: Course,
    due_on: date | None,
    at: datetime,
) -> dict[int, str]:
    """Assign to each of these people and return what is said of it, by their ids."""
    said: dict[int, str] = {}
    last = giving.last_cycles(session, [person.id for person in people], course.id)
    before: dict[int, date | None] = {}
    given: list[Assignment] = []
    for person in people:
        assignment = last.get((person.id, course.id))
        if assignment is None or assignment.completed_at is not None:
            said[person.id] = spoken("Assigned.")
            assignment = giving.next_cycle(last, person.id, course.id, viewer.person_id, at)
        elif due_on is None:
            said[person.id] = spoken("Already assigned; the due date stays as it is.")
            continue
        else:
            said[person.id] = spoken("Already assigned; the due date is set.")
            before[assignment.id] = assignment.due_on
            # A rule moves no date that somebody has set.
            assignment.assigned_by_id = assignment.assigned_by_id or viewer.person_id
        assignment.due_on = due_on
        given.append(assignment)
    session.add_all(given)
    session.flush()
    for each in given:
        moved = giving.before(before[each.id]) if each.id in before else {}
        giving.record(session, "assignment.made", each, viewer.person_id, at, **moved)
    giving.tell(session, [a for a in given if a.id not in before], at=at)
    if given:
        bulk.keep(session, viewer, BulkKind.ASSIGN, given, before, due_on, at=at)
    return said


def courses(session: Session) -> list[Course]:
    """Return the courses that can be assigned."""
    return list(session.scalars(select(Course).where(Course.withdrawn_at.is_(None))))
