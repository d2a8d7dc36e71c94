"""The list of who is where: one statement for a page, and the same one for what is exported."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.learning.models import Reading
from quizzes.attempts.models import Attempt, Status
from quizzes.attempts.sheets import MOST_ATTEMPTS, UNLOCKS, allowed
from quizzes.progress.states import BY_RANK, Sort, State
from training.accounts.models import Person, Unit
from training.accounts.services import matching, within
from training.permissions import Permission, Viewer

PAGE = 100
NO_DATE = date(9999, 12, 31)  # What has no due date comes last.


@dataclass(frozen=True)
class Filter:
    """Which assignments are wanted, in which order."""

    search: str = ""
    state: State | None = None
    course_id: int = 0
    unit_ids: frozenset[int] | None = None
    due_before: date | None = None
    sort: Sort = Sort.STATE


class Row(NamedTuple):
    """An assignment in the list."""

    assignment_id: int
    person_id: int
    organisation_id: int
    name: str
    number: str | None
    unit: str | None
    course_id: int
    cycle: int
    due_on: date | None
    assigned_at: datetime
    completed_at: datetime | None
    attempts: int | None
    read_at: datetime | None
    tried_at: datetime | None
    rank: int

    @property
    def state(self) -> State:
        """Return where the assignment stands."""
        return BY_RANK[self.rank]

    @property
    def last_at(self) -> datetime | None:
        """Return when the person last read or began something in it."""
        return max((t for t in (self.read_at, self.tried_at) if t is not None), default=None)


def _of_attempts(value: ColumnElement[Any]) -> Any:
    query = select(value).select_from(Attempt).where(Attempt.assignment_id == Assignment.id)
    return query.correlate(Assignment).scalar_subquery()


_READ_AT = (
    select(func.max(Reading.read_at))
    .where(Reading.assignment_id == Assignment.id)
    .correlate(Assignment)
    .scalar_subquery()
)
_NUMBER = _of_attempts(func.max(Attempt.number))
_TRIED_AT = _of_attempts(func.max(Attempt.started_at))
_FAILED = _of_attempts(func.max(case((Attempt.status == Status.FAILED, Attempt.number))))
# Every attempt was failed, so that only a talk helps.
STUCK = and_(_FAILED >= MOST_ATTEMPTS, allowed(UNLOCKS) <= _FAILED)
# One look into an index for each row that needs it: for `EXISTS` within `CASE`, PostgreSQL reads
# all that anybody ever read.
_BEGUN = (
    select(Reading.lesson_id)
    .where(Reading.assignment_id == Assignment.id)
    .limit(1)
    .correlate(Assignment)
    .scalar_subquery()
)


def _rank(today: date) -> ColumnElement[int]:
    ranks = (
        (Assignment.completed_at.is_not(None), State.DONE),
        (STUCK, State.STUCK),
        (Assignment.due_on < today, State.LATE),
        (or_(_BEGUN.is_not(None), _NUMBER.is_not(None)), State.UNDER_WAY),
    )
    whens = [(condition, state.rank) for condition, state in ranks]
    return case(*whens, else_=State.NOT_STARTED.rank)


def listed(
    session: Session, viewer: Viewer, wanted: Filter, after: int | None, today: date
) -> list[Row]:
    """Return one page of the people in scope, and one more row when there is a next page.

    `after` is the id of the assignment that the page before ended with.
    """
    query, keys = _query(viewer, wanted, today)
    if after is not None:
        last = session.execute(
            _unfiltered(viewer, Filter(), keys).where(Assignment.id == after)
        ).first()
        if last is not None:
            query = query.where(tuple_(*keys) > tuple(last))
    return [Row(*row) for row in session.execute(query.limit(PAGE + 1))]


def everything(
    session: Session, viewer: Viewer, wanted: Filter, today: date, most: int | None = None
) -> list[Row]:
    """Return every row that the filter shows, or at most so many."""
    query, _keys = _query(viewer, wanted, today)
    return [Row(*row) for row in session.execute(query.limit(most))]


def _query(
    viewer: Viewer, wanted: Filter, today: date
) -> tuple[Select[*tuple[Any, ...]], list[ColumnElement[Any]]]:
    rank = _rank(today)
    columns = (
        Assignment.id,
        Person.id,
        Person.organisation_id,
        Person.printed_name,
        Person.personnel_number,
        Unit.name,
        Assignment.course_id,
        Assignment.cycle,
        Assignment.due_on,
        Assignment.assigned_at,
        Assignment.completed_at,
        _NUMBER,
        _READ_AT,
        _TRIED_AT,
        rank,
    )
    query = _unfiltered(viewer, wanted, columns)
    if wanted.state is not None:
        query = query.where(rank == wanted.state.rank)
    if wanted.course_id:
        query = query.where(Assignment.course_id == wanted.course_id)
    if wanted.unit_ids is not None:
        query = query.where(Person.unit_id.in_(wanted.unit_ids))
    if wanted.due_before is not None:
        query = query.where(Assignment.due_on < wanted.due_before)
    keys = _keys(wanted.sort, rank)
    return query.order_by(*keys), keys


def _unfiltered(viewer: Viewer, wanted: Filter, columns: Any) -> Select[*tuple[Any, ...]]:
    people = matching(within(viewer, Permission.FOLLOW), wanted.search).where(Person.is_active)
    return (
        people.join(Assignment, Assignment.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .with_only_columns(*columns)
    )


def _keys(sort: Sort, rank: ColumnElement[int]) -> list[ColumnElement[Any]]:
    first: dict[Sort, list[ColumnElement[Any]]] = {
        Sort.STATE: [rank],
        Sort.DUE: [func.coalesce(Assignment.due_on, NO_DATE)],
        Sort.NAME: [],
    }
    return [*first[sort], Person.sort_name.expression, Assignment.id.expression]
