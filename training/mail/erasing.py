"""The years of a person are over: the mail to them goes."""

from datetime import datetime

from sqlalchemy.orm import Session

from training.expiry import rows
from training.mail.models import OutboxMail

OWNERS = (OutboxMail.person_id,)


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the mail to a person, sent or waiting."""
    rows.erase(session, person_id, *OWNERS)


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom there is mail left."""
    return rows.left(session, *OWNERS)
