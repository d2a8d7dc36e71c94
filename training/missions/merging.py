"""Two records of one person: their deployments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from training.handover import Moving
from training.merging import rows
from training.missions.models import Deployment


def preview(session: Session, _kept: int, gone: int) -> Moving:
    """Return how many would move."""
    return Moving(((_("Deployments"), rows.count(session, Deployment.person_id, gone)),))


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Hand the deployments over and return which they were."""
    return {"ids": rows.move(session, Deployment.person_id, kept, gone)}


def undo(
    session: Session, kept: int, gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Hand back what moved."""
    rows.move_back(session, Deployment.person_id, kept, gone, moved["ids"])


def left_behind(session: Session) -> list[str]:
    """Return a sentence for each record that was merged and still has one."""
    return rows.left_behind(session, Deployment.person_id)
