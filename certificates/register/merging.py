"""Two records of one person: their certificates, which stay as they were issued."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from training.handover import Moving
from training.merging import rows


def preview(session: Session, kept: int, gone: int) -> Moving:
    """Return how many would move."""
    moving, own = (rows.count(session, Certificate.person_id, i) for i in (gone, kept))
    note = _("Both records have certificates. All of them stay as issued, and can be verified.")
    return Moving(((_("Certificates"), moving),), (note,) if moving and own else ())


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Hand the certificates over and return which they were."""
    return {"ids": rows.move(session, Certificate.person_id, kept, gone)}


def undo(
    session: Session, kept: int, gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Hand back what moved."""
    rows.move_back(session, Certificate.person_id, kept, gone, moved["ids"])


def left_behind(session: Session) -> list[str]:
    """Return a sentence for each record that was merged and still has a certificate."""
    return rows.left_behind(session, Certificate.person_id)
