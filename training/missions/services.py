"""What a mission says to the people who go on it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.accounts.models import Organisation, Person
from training.missions.models import Deployment, Mission


@dataclass(frozen=True)
class Channel:
    """One place to turn to, and when somebody last checked that it is right."""

    key: str
    text: str
    checked_on: date | None
    # The mission names none, so this is that of the person's own organisation.
    from_home: bool = False


@dataclass(frozen=True)
class ConductChannel:
    """Where to report and find help."""

    mission: str | None
    channels: tuple[Channel, ...]


# Each channel, and what says when it was checked: on a mission, and at home.
_PLACES = (
    ("conduct_inside", "conduct_checked_on", "conduct_checked_on"),
    ("conduct_outside", "conduct_checked_on", "conduct_checked_on"),
    ("referral", "referral_checked_on", "conduct_checked_on"),
    ("gender_adviser", "adviser_checked_on", "conduct_checked_on"),
    ("hand_over", "hand_over_checked_on", ""),
    ("action_plan", "action_plan_checked_on", ""),
)
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
    """Return the channels of the person's present or next mission.

    What that mission does not name, and everything without a mission, is their organisation's.
    """
    home, mission = session.execute(_SOURCES, {"person": person_id, "today": today}).one()
    found = (_channel(home, mission, *place) for place in _PLACES)
    named = tuple(channel for channel in found if channel.text)
    return ConductChannel(mission.name if mission else None, named)


def channels(mission: Mission) -> list[Channel]:
    """Return what a mission itself says."""
    found = (Channel(key, getattr(mission, key), getattr(mission, on)) for key, on, _ in _PLACES)
    return [channel for channel in found if channel.text]


def _channel(
    home: Organisation, mission: Mission | None, key: str, checked: str, at_home: str
) -> Channel:
    if mission is not None and getattr(mission, key):
        return Channel(key, getattr(mission, key), getattr(mission, checked))
    if not at_home:
        return Channel(key, "", None)
    checked_on = getattr(home, at_home)
    return Channel(key, getattr(home, key), checked_on, from_home=mission is not None)
