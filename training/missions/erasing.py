"""The years of a person are over: their deployments go."""

from datetime import datetime

from sqlalchemy.orm import Session

from training.expiry import rows
from training.missions.models import Deployment

OWNERS = (Deployment.person_id,)


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the deployments of a person."""
    rows.erase(session, person_id, *OWNERS)


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom there is a deployment left."""
    return rows.left(session, *OWNERS)
