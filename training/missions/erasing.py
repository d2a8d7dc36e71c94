"""The years of a person are over: their deployments go."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.expiry import rows
from training.missions.models import Deployment, DeploymentChange

OWNERS = (Deployment.person_id,)


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the deployments of a person, with what was changed of them."""
    theirs = select(Deployment.id).where(Deployment.person_id == person_id)
    changes = delete(DeploymentChange).where(DeploymentChange.deployment_id.in_(theirs))
    session.execute(changes.execution_options(synchronize_session=False))
    rows.erase(session, person_id, *OWNERS)


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom there is a deployment left."""
    return rows.left(session, *OWNERS)
