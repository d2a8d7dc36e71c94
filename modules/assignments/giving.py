"""What every way of assigning shares: who is held, which cycle comes next, and what is told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments import bulk
from modules.assignments.models import Assignment
from training import audit
from training.accounts.models import Person
from training.mail import services as outbox
from training.mail.services import Wish

MAIL = "assigned"
Cycles = Mapping[tuple[int, int], Assignment]


def last_cycles(
    session: Session, person_ids: Sequence[int], course_id: int | None = None
) -> Cycles:
    """Return the last cycle of each of these people, by person and course, held as they are."""
    # People are locked first, so that two trainers at once make one assignment, and always in
    # the same order, so that neither waits for the other. Rows may be added below a person
    # meanwhile (`key_share`): whoever hands in has the assignment and adds a certificate. Then
    # their assignments, because somebody may be completing one at this moment.
    held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True))
    query = select(Assignment).where(Assignment.person_id.in_(person_ids))
    if course_id is not None:
        query = query.where(Assignment.course_id == course_id)
    cycles = session.scalars(
        query.order_by(Assignment.id)  # Later cycles have later ids.
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(cycle.person_id, cycle.course_id): cycle for cycle in cycles}


def next_cycle(
    cycles: Cycles, person_id: int, course_id: int, by_id: int | None, at: datetime
) -> Assignment:
    """Return a new assignment of somebody in a course, after whatever they had of it."""
    last = cycles.get((person_id, course_id))
    return Assignment(
        person_id=person_id,
        course_id=course_id,
        cycle=last.cycle + 1 if last else 1,
        assigned_by_id=by_id,
        assigned_at=at,
    )


def tell(session: Session, new: Sequence[Assignment], *, at: datetime) -> None:
    """Queue a mail to everybody who has been given something."""
    outbox.queue(session, MAIL, [Wish(a.person_id, a.id, {"id": str(a.id)}) for a in new], at=at)


def record(
    session: Session,
    action: str,
    assignment: Assignment,
    by_id: int | None,
    at: datetime,
    **detail: Any,
) -> None:
    """Write down what was done with an assignment, and its due date."""
    due_on = bulk.written(assignment.due_on)
    audit.record(
        session, action, "assignment", assignment.id, actor_id=by_id, at=at, due_on=due_on, **detail
    )


def before(day: date | None) -> Mapping[str, str | None]:
    """Return the due date that an assignment had before, as it is written down."""
    return {"before": bulk.written(day)}
