"""The years of a person are over: that there were two records of them is forgotten."""

from datetime import datetime

from sqlalchemy.orm import Session

from training.expiry import rows
from training.merging.models import MergeRecord

OWNERS = (MergeRecord.gone_id, MergeRecord.kept_id)


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the merges of a record; those it did for others stay."""
    rows.erase(session, person_id, *OWNERS)


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom there is a merge left."""
    return rows.left(session, *OWNERS)
