"""Giving people what the rules ask of them, in the caller's transaction.

An assignment is a rule's own while nobody has set its date by hand: it has no author, and it
has a deployment. Only these are moved and taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, union_all
from sqlalchemy.orm import Session

from modules.assignments import giving
from modules.assignments.models import Assignment
from modules.requirements import tours, wanting
from modules.requirements.wanting import Wants
from modules.requirements.wants import Want, earliest, moved
from training.clock import day_at
from training.missions.models import Deployment
from training.orm import Base, table


@dataclass
class Settled:
    """What became of the assignments of some people."""

    made: list[Assignment] = field(default_factory=list)
    moved: list[Assignment] = field(default_factory=list)
    ended: list[Assignment] = field(default_factory=list)  # Nobody had begun them.


def settle(session: Session, person_ids: Collection[int], *, at: datetime) -> Settled:
    """Give these people what is missing, move what was given, and end what is asked no more.

    Doing it again changes nothing. What is asked no more goes if nobody has begun it, and else
    stays without a due date: it can be finished, and nobody waits for it.
    """
    ids = sorted(person_ids)
    cycles = giving.last_cycles(session, ids)
    found = tours.going(session, Deployment.person_id.in_(ids), at)
    wants = wanting.of_all(session, found)
    zones = {each.person_id: each.time_zone for each in found}
    settled = Settled()
    open_ = [a for a in cycles.values() if is_by_rule(a)]
    asked_no_more = [a for a in open_ if a.course_id not in wants.get(a.person_id, {})]
    for assignment in open_:
        asked = wants.get(assignment.person_id, {}).get(assignment.course_id)
        if asked:
            _move(session, assignment, asked, zones[assignment.person_id], settled, at)
    _end(session, asked_no_more, settled, at)
    _begin(session, cycles, wants, zones, settled, at)
    return settled


def is_by_rule(assignment: Assignment) -> bool:
    """Tell whether an assignment is open and a rule's own."""
    return (
        assignment.completed_at is None
        and assignment.assigned_by_id is None
        and assignment.deployment_id is not None
    )


def by_rule() -> ColumnElement[bool]:
    """Return the same as a condition."""
    return and_(
        Assignment.completed_at.is_(None),
        Assignment.assigned_by_id.is_(None),
        Assignment.deployment_id.is_not(None),
    )


def _move(
    session: Session,
    assignment: Assignment,
    asked: Sequence[Want],
    zone: str,
    settled: Settled,
    at: datetime,
) -> None:
    assigned_on, today = day_at(assignment.assigned_at, zone), day_at(at, zone)
    if assignment.deployment_id not in {each.deployment_id for each in asked}:
        assignment.deployment_id = earliest(asked, today).deployment_id
    _set(session, assignment, moved(asked, assignment.due_on, assigned_on, today), settled, at)


def _set(
    session: Session, assignment: Assignment, due_on: date | None, settled: Settled, at: datetime
) -> None:
    if assignment.due_on == due_on:
        return
    before, assignment.due_on = giving.before(assignment.due_on), due_on
    giving.record(session, "assignment.extended", assignment, None, at, **before)
    settled.moved.append(assignment)


def _end(
    session: Session, asked_no_more: Sequence[Assignment], settled: Settled, at: datetime
) -> None:
    begun = _begun(session, [assignment.id for assignment in asked_no_more])
    for assignment in asked_no_more:
        if assignment.id in begun:
            _set(session, assignment, None, settled, at)
        else:
            giving.record(session, "assignment.unmade", assignment, None, at)
            session.delete(assignment)
            settled.ended.append(assignment)
    session.flush()


def _begun(session: Session, ids: Sequence[int]) -> set[int]:
    """Return on which of these assignments anything hangs, in whatever table.

    What hangs on an assignment is the business of the features above this one as well.
    """
    if not ids:
        return set()
    assignment = table(Assignment)
    columns = [
        key.parent
        for each in Base.metadata.sorted_tables
        for key in each.foreign_keys
        if key.column.table is assignment
    ]
    query = union_all(*(select(column).where(column.in_(ids)) for column in columns))
    return set(session.scalars(query))


def _begin(
    session: Session,
    cycles: giving.Cycles,
    wants: Wants,
    zones: Mapping[int, str],
    settled: Settled,
    at: datetime,
) -> None:
    named: list[list[int]] = []
    for person_id, courses in wants.items():
        today = day_at(at, zones[person_id])
        for course_id, asked in courses.items():
            last = cycles.get((person_id, course_id))
            now = [each for each in asked if each.now]
            if not now or (last is not None and last.completed_at is None):
                continue
            new = giving.next_cycle(cycles, person_id, course_id, None, at)
            first = earliest(now, today)
            new.deployment_id, new.due_on = first.deployment_id, first.due_on(today)
            settled.made.append(new)
            named.append(sorted({each.requirement_id for each in now}))
    session.add_all(settled.made)
    session.flush()
    for new, rules in zip(settled.made, named, strict=True):
        giving.record(session, "assignment.made", new, None, at, rules=rules)
    giving.tell(session, settled.made, at=at)
