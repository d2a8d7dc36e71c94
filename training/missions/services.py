"""What a mission says to the people who go on it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.accounts.models import Organisation, Person
from training.missions.models import Deployment, Mission


@dataclass(frozen=True)
class ConductChannel:
    """Where to report, and when somebody last checked that this is right."""

    mission: str | None
    inside: str
    outside: str
    referral: str
    adviser: str
    checked_on: date | None


# Built once, because lessons ask it on every view.
_SOURCES = (
    select(Organisation, Mission)
    .join(Person, Person.organisation_id == Organisation.id)
    .outerjoin(
        Deployment,
        (Deployment.person_id == Person.id)
        & (Deployment.ends_on >= bindparam("today"))
        & Deployment.cancelled_at.is_(None),
    )
    .outerjoin(Mission, Mission.id == Deployment.mission_id)
    .where(Person.id == bindparam("person"))
    .order_by(Deployment.starts_on)
    .limit(1)
)


def conduct_channel(session: Session, person_id: int, today: date) -> ConductChannel:
    """Return the channels of the person's present or next mission, else their organisation's."""
    home, mission = session.execute(_SOURCES, {"person": person_id, "today": today}).one()
    return _channel(home, None) if mission is None else _channel(mission, mission.name)


def _channel(source: Mission | Organisation, mission: str | None) -> ConductChannel:
    return ConductChannel(
        mission=mission,
        inside=source.conduct_inside,
        outside=source.conduct_outside,
        referral=source.referral,
        adviser=source.gender_adviser,
        checked_on=source.conduct_checked_on,
    )
