"""The years of a person are over: what they read and completed goes."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.learning.models import Completion, ComponentValidity, Reading


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete readings and completions."""
    theirs = select(Assignment.id).where(Assignment.person_id == person_id)
    completed = select(Completion.id).where(Completion.assignment_id.in_(theirs))
    for gone in (
        delete(Reading).where(Reading.assignment_id.in_(theirs)),
        delete(ComponentValidity).where(ComponentValidity.completion_id.in_(completed)),
        delete(Completion).where(Completion.assignment_id.in_(theirs)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))
