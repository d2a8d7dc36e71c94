"""Two records of one person: what was read and completed goes with its assignment.

Of a course that both have open one assignment rests, with what was read in it; the lessons read
there only are read in the other one as well.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from modules.assignments.merging import open_on_both, still_open
from modules.assignments.models import Assignment
from modules.learning.models import Completion, Reading
from training.handover import Moving


def preview(session: Session, _kept: int, gone: int) -> Moving:
    """Return how many completions go with their assignments."""
    query = select(func.count()).select_from(Completion).join(Completion.assignment)
    number = session.scalar(query.where(Assignment.person_id == gone)) or 0
    return Moving(((_("Completions"), number),))


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Copy what was read in assignments that rest, and return the copies by their assignment."""
    pairs = open_on_both(session, kept, gone)
    return {"copied": {str(stays): _copy(session, rests, stays) for stays, rests in pairs}}


def _copy(session: Session, rests: int, stays: int) -> list[int]:
    read = select(Reading.lesson_id).where(Reading.assignment_id == stays)
    query = select(Reading).where(Reading.assignment_id == rests, Reading.lesson_id.not_in(read))
    copies = [
        Reading(assignment_id=stays, lesson_id=row.lesson_id, read_at=row.read_at)
        for row in session.scalars(query.order_by(Reading.id))
    ]
    session.add_all(copies)
    session.flush()
    return [copy.id for copy in copies]


def undo(
    session: Session, _kept: int, _gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Delete the copies, but for those a course was completed with since."""
    copied = {int(stays): ids for stays, ids in moved["copied"].items()}
    for stays in still_open(session, copied):
        copies = delete(Reading).where(Reading.id.in_(copied[stays]))
        session.execute(copies.execution_options(synchronize_session=False))
