"""Two records of one person: attempts go with their assignment, unless a test is under way."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from quizzes.attempts.models import Attempt, Status
from training.errors import spoken
from training.handover import Moving

UNDER_WAY = (Status.OPEN, Status.CONDUCT_CHECK)
BOTH = spoken("Both records have a test under way. Let one of them be handed in first.")
LOST = spoken(
    "The record that would go has a test under way in a course which the other one has open too. "
    "Let it be handed in first, or keep that record."
)


def preview(session: Session, kept: int, gone: int) -> Moving:
    """Return how many attempts would move, and refuse when a test under way would be lost."""
    query = select(Assignment.person_id, Assignment.course_id, Attempt.status)
    query = query.join(Attempt, Attempt.assignment_id == Assignment.id)
    rows = session.execute(query.where(Assignment.person_id.in_((kept, gone)))).all()
    attempts = [(owner, course, status) for owner, course, status in rows]
    number = sum(owner == gone for owner, *_rest in attempts)
    under_way = {(owner, course) for owner, course, status in attempts if status in UNDER_WAY}
    return Moving(((_("Attempts"), number),), refusals=_refusals(session, under_way, kept, gone))


def _refusals(
    session: Session, under_way: set[tuple[int, int]], kept: int, gone: int
) -> Sequence[str]:
    if {owner for owner, _course in under_way} == {kept, gone}:
        return (BOTH,)
    query = select(Assignment.course_id).where(
        Assignment.person_id == kept, Assignment.completed_at.is_(None)
    )
    open_ = set(session.scalars(query))
    lost = any(owner == gone and course in open_ for owner, course in under_way)
    return (LOST,) if lost else ()
