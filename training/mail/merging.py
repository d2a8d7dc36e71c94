"""Two records of one person: the mail to them. What waits goes to the address that stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from training.handover import Moving
from training.mail.models import OutboxMail
from training.merging import rows


def preview(session: Session, _kept: int, gone: int) -> Moving:
    """Return how many would move."""
    return Moving(((_("Mails"), rows.count(session, OutboxMail.person_id, gone)),))


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Hand the mails over and return which they were; a start code fits nobody else and drops."""
    return {"ids": rows.move(session, OutboxMail.person_id, kept, gone)}


def undo(
    session: Session, kept: int, gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Hand back what moved."""
    rows.move_back(session, OutboxMail.person_id, kept, gone, moved["ids"])


def left_behind(session: Session) -> list[str]:
    """Return a sentence for each record that was merged and still gets mail."""
    return rows.left_behind(session, OutboxMail.person_id)
