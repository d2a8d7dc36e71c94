"""Two records of one person: their remarks. Of two about one text on one day one stays behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session, aliased

from modules.remarks.models import ContentRemark
from training.handover import Moving
from training.merging import rows


def preview(session: Session, _kept: int, gone: int) -> Moving:
    """Return how many there are to move."""
    return Moving(((_("Remarks"), rows.count(session, ContentRemark.person_id, gone)),))


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Hand the remarks over and return which they were."""
    which = ~_like_one_of(kept)
    return {"ids": rows.move(session, ContentRemark.person_id, kept, gone, which)}


def _like_one_of(person_id: int) -> ColumnElement[bool]:
    other = aliased(ContentRemark)
    names = ("course_version_id", "subject", "place", "made_on")
    same = (getattr(other, name) == getattr(ContentRemark, name) for name in names)
    return exists().where(other.person_id == person_id, *same)


def undo(
    session: Session, kept: int, gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Hand back what moved."""
    rows.move_back(session, ContentRemark.person_id, kept, gone, moved["ids"])
