"""Two records of one person: what was read and completed goes with its assignment."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.learning.models import Completion
from training.handover import Moving


def preview(session: Session, _kept: int, gone: int) -> Moving:
    """Return how many completions go with their assignments."""
    query = select(func.count()).select_from(Completion).join(Completion.assignment)
    number = session.scalar(query.where(Assignment.person_id == gone)) or 0
    return Moving(((_("Completions"), number),))
