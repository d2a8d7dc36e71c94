"""All missions, each with how many people of one's own are on it, leave soon or are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.missions.models import Deployment, Mission, MissionStatus
from training.permissions import Permission, Viewer

PAGE = 50
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Listed:
    """A mission, with the people of one's own organisation on it."""

    mission: Mission
    present: int
    leaving: int
    vacant: int


def listed(session: Session, viewer: Viewer, after: int | None, today: date) -> list[Listed]:
    """Return one page of missions by name, and one more when there is a next page."""
    query = select(Mission).order_by(Mission.name).limit(PAGE + 1)
    if after is not None:
        key = select(Mission.name).where(Mission.id == after).scalar_subquery()
        query = query.where(Mission.name > key)
    missions = session.scalars(query).all()
    # What is left of a closed mission are posts that nobody can fill any more.
    open_ids = [m.id for m in missions if m.status is not MissionStatus.CLOSED]
    counts = _counts(session, viewer, open_ids, today)
    return [Listed(mission, *counts.get(mission.id, (0, 0, 0))) for mission in missions]


def _counts(
    session: Session, viewer: Viewer, mission_ids: Sequence[int], today: date
) -> dict[int, tuple[int, int, int]]:
    manned = Deployment.person_id.is_not(None)
    query = (
        select(
            Deployment.mission_id,
            func.count().filter(manned, Deployment.starts_on <= today),
            func.count().filter(
                manned, Deployment.starts_on > today, Deployment.starts_on <= today + SOON
            ),
            func.count().filter(Deployment.person_id.is_(None)),
        )
        .where(
            Deployment.mission_id.in_(mission_ids),
            Deployment.cancelled_at.is_(None),
            Deployment.ends_on >= today,
        )
        .group_by(Deployment.mission_id)
    )
    organisations = viewer.organisations(Permission.PLAN)
    if organisations is not None:
        query = query.where(Deployment.organisation_id.in_(organisations))
    return {key: (present, soon, vacant) for key, present, soon, vacant in session.execute(query)}
