"""The years of a person are over: what they said, asked and took along goes."""

from datetime import datetime

from sqlalchemy.orm import Session

from training.expiry import rows
from training.kept.models import CorrectionRequest, OwnPaper, PersonStatistic

OWNERS = (PersonStatistic.person_id, CorrectionRequest.person_id, OwnPaper.person_id)


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete sex, the requests for a correction, and the PDFs of a person."""
    rows.erase(session, person_id, *OWNERS)


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom there is one of these left."""
    return rows.left(session, *OWNERS)
