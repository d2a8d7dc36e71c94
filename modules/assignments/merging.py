"""Two records of one person: their assignments become one row of cycles, and two again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session, aliased

from modules.assignments.models import Assignment
from training.accounts.models import Person
from training.handover import Moving


def preview(session: Session, kept: int, gone: int) -> Moving:
    """Return how many assignments would move, and which stay because both have them open."""
    moving, staying = _parted(_of(session, kept, gone), kept)
    note = _(
        "Both records have the same course open. That of the record that stays goes on, with what "
        "was read in either of them and the test that has come further. The other one rests with "
        "the old record."
    )
    return Moving(((_("Assignments"), len(moving)),), (note,) if staying else ())


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Hand the assignments over, number the cycles by date, and return how it was before."""
    rows = _of(session, kept, gone)
    moving, staying = _parted(rows, kept)
    together = [row for row in rows if row not in staying]
    before = {str(row.id): row.cycle for row in together}
    ids = [row.id for row in moving]
    _number(session, together, _in_order(together), dict.fromkeys(ids, kept))
    return {"moved": ids, "cycles": before}


def undo(
    session: Session, kept: int, gone: int, moved: Mapping[str, Any], merged_at: datetime
) -> None:
    """Hand back what moved, with its number; what was completed since stays."""
    rows = _of(session, kept, gone)
    back = [
        row
        for row in rows
        if row.id in moved["moved"]
        and row.person_id == kept
        and not (row.completed_at is not None and row.completed_at > merged_at)
    ]
    before = {int(key): cycle for key, cycle in moved["cycles"].items()}
    own = [row for row in rows if row.person_id == kept and row not in back]
    known = [r for r in own if r.id in before and r.id not in moved["moved"]]
    numbers = {row.id: before[row.id] for row in [*known, *back]}
    for course, others in _by_course(row for row in own if row not in known).items():
        last = max((numbers[r.id] for r in known if r.course_id == course), default=0)
        ordered = sorted(others, key=lambda row: row.cycle)
        numbers |= {row.id: last + index for index, row in enumerate(ordered, 1)}
    _number(session, [*own, *back], numbers, {row.id: gone for row in back})


def open_on_both(session: Session, kept: int, gone: int) -> list[tuple[int, int]]:
    """Return the ids of two assignments, that which goes on first, for each course both have open.

    The features above hand over what hangs on the one that rests.
    """
    stays, rests = aliased(Assignment), aliased(Assignment)
    query = select(stays.id, rests.id).join(rests, rests.course_id == stays.course_id)
    open_ = (stays.completed_at.is_(None), rests.completed_at.is_(None))
    rows = session.execute(query.where(stays.person_id == kept, rests.person_id == gone, *open_))
    return [(one, other) for one, other in rows.unique()]


def still_open(session: Session, ids: Iterable[int]) -> set[int]:
    """Return which of these assignments were not completed, so that they can be undone."""
    query = select(Assignment.id).where(Assignment.id.in_(ids), Assignment.completed_at.is_(None))
    return set(session.scalars(query))


def _of(session: Session, *people: int) -> list[Assignment]:
    """Return the assignments of both records, held until the transaction ends."""
    query = select(Assignment).where(Assignment.person_id.in_(people)).order_by(Assignment.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _parted(rows: Sequence[Assignment], kept: int) -> tuple[list[Assignment], list[Assignment]]:
    """Return what moves, and what stays because the other record has that course open too."""
    open_ = {r.course_id for r in rows if r.person_id == kept and r.completed_at is None}
    theirs = [row for row in rows if row.person_id != kept]
    staying = [r for r in theirs if r.completed_at is None and r.course_id in open_]
    return [row for row in theirs if row not in staying], staying


def _by_course(rows: Iterable[Assignment]) -> Mapping[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        found[row.course_id].append(row)
    return found


def _in_order(rows: Sequence[Assignment]) -> dict[int, int]:
    """Return a cycle for each row by when it began; one that is open comes last."""
    numbers: dict[int, int] = {}
    for mine in _by_course(rows).values():
        ordered = sorted(mine, key=lambda r: (r.completed_at is None, r.assigned_at, r.id))
        numbers |= {row.id: index for index, row in enumerate(ordered, 1)}
    return numbers


def _number(
    session: Session,
    rows: Sequence[Assignment],
    numbers: Mapping[int, int],
    owners: Mapping[int, int],
) -> None:
    # First out of each other's way: no two cycles may be the same at any moment.
    aside = update(Assignment).where(Assignment.id.in_([row.id for row in rows]))
    _run(session, aside.values(cycle=-Assignment.id))
    for row in rows:
        values = {"cycle": numbers[row.id], "person_id": owners.get(row.id, row.person_id)}
        _run(session, update(Assignment).where(Assignment.id == row.id).values(values))
    for row in rows:
        session.expire(row)


def _run(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def left_behind(session: Session) -> list[str]:
    """Return a sentence for each completed assignment of a record that was merged."""
    merged = select(Person.id).where(Person.merged_into_id.is_not(None))
    query = select(Assignment.id).where(
        Assignment.person_id.in_(merged), Assignment.completed_at.is_not(None)
    )
    ids = session.scalars(query.order_by(Assignment.id))
    return [f"Assignment {i} is completed and belongs to a record that was merged." for i in ids]
