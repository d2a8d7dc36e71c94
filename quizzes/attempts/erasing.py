"""The years of a person are over: their tests go, with every answer and grade."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from quizzes.attempts.models import Attempt, Grade, Item, Reread, Response, Unlock


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete attempts with all that hangs on them, and the notes of talks."""
    theirs = select(Assignment.id).where(Assignment.person_id == person_id)
    tried = select(Attempt.id).where(Attempt.assignment_id.in_(theirs))
    asked = select(Item.id).where(Item.attempt_id.in_(tried))
    for gone in (
        delete(Response).where(Response.item_id.in_(asked)),
        delete(Item).where(Item.attempt_id.in_(tried)),
        delete(Reread).where(Reread.attempt_id.in_(tried)),
        delete(Grade).where(Grade.attempt_id.in_(tried)),
        delete(Attempt).where(Attempt.assignment_id.in_(theirs)),
        delete(Unlock).where(Unlock.assignment_id.in_(theirs)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))
