"""The years of a person are over: the waivers for their deployments go."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.readiness.models import Waiver
from training.missions.models import Deployment


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the waivers of a person, before the deployments they are for."""
    theirs = select(Deployment.id).where(Deployment.person_id == person_id)
    gone = delete(Waiver).where(Waiver.deployment_id.in_(theirs))
    session.execute(gone.execution_options(synchronize_session=False))
