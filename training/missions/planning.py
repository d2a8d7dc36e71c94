"""Missions: made, and changed by their lead. Each runs in the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.errors import Forbidden, Invalid, NotFound, spoken
from training.missions.meanwhile import Both, Written, collisions, unsaved, written
from training.missions.models import Deployment, Mission, MissionStatus
from training.permissions import Permission, Viewer

NEEDED = ("conduct_inside", "conduct_outside")
CHANNELS = (*NEEDED, "referral", "gender_adviser", "hand_over", "action_plan")
CHECKED = (
    "conduct_checked_on", "referral_checked_on", "adviser_checked_on", "hand_over_checked_on",
    "action_plan_checked_on",
)  # fmt: skip
FIELDS = ("name", "framework", "host_country", "status", *CHANNELS, *CHECKED)
NAME_TAKEN = spoken("There is already a mission of this name.")


class StillDeployed(Invalid):
    """A mission that cannot be closed, because of so many people."""

    def __init__(self, number: int) -> None:
        """Keep the number, which the page says in its language."""
        super().__init__("status", "People are on this mission, or go on it.")
        self.number = number


def get(session: Session, mission_id: int) -> Mission:
    """Return a mission with its lead: every planner sees all. Raises `NotFound`."""
    found = session.get(Mission, mission_id, options=[joinedload(Mission.lead)])
    if found is None:
        raise NotFound("There is no such mission.")
    return found


def to_choose(session: Session) -> list[tuple[int, str]]:
    """Return the missions that somebody can be sent on, by name."""
    query = select(Mission.id, Mission.name).where(Mission.status != MissionStatus.CLOSED)
    return [(key, name) for key, name in session.execute(query.order_by(Mission.name))]


def leads(viewer: Viewer, mission: Mission) -> bool:
    """Tell whether the viewer plans for the organisation that leads a mission."""
    organisations = viewer.organisations(Permission.PLAN)
    return organisations is None or mission.lead_id in organisations


def led(session: Session, viewer: Viewer, mission_id: int, *, lock: bool = False) -> Mission:
    """Return a mission the viewer may change. Raises `Forbidden` for those that others lead."""
    mission = get(session, mission_id)
    if lock:
        session.refresh(mission, with_for_update={"of": Mission})
    if not leads(viewer, mission):
        raise Forbidden("Another organisation leads this mission. Only its planners change it.")
    return mission


def make(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, today: date, at: datetime
) -> Mission:
    """Make a mission, which the viewer's organisation leads. Raises `Invalid`."""
    organisations = viewer.organisations(Permission.PLAN)
    if organisations is not None and viewer.organisation_id not in organisations:
        raise Forbidden("You do not plan for your own organisation.")
    mission = Mission(lead_id=viewer.organisation_id)
    _fill(session, mission, values, today)
    session.add(mission)
    _store(session)
    _record(session, "mission.made", mission, viewer, at, values)
    return mission


def change(
    session: Session,
    viewer: Viewer,
    mission_id: int,
    values: Mapping[str, Any],
    seen: Written,
    *,
    today: date,
    at: datetime,
) -> list[Both]:
    """Change what the sender changed of a mission since they saw it.

    Returns what somebody else changed to another value meanwhile; then nothing is changed.
    Raises `Invalid`, and `StillDeployed` when it cannot be closed.
    """
    mission = led(session, viewer, mission_id, lock=True)
    now = written_of(mission)
    if both := collisions(seen, written(values), now):
        return both
    changed = unsaved(values, seen, now)
    _fill(session, mission, changed, today)
    _store(session)
    if changed:
        _record(session, "mission.changed", mission, viewer, at, changed)
    return []


def written_of(mission: Mission) -> Written:
    """Return what can be changed of a mission, as a form carries it."""
    return written({key: getattr(mission, key) for key in FIELDS})


def _fill(session: Session, mission: Mission, values: Mapping[str, Any], today: date) -> None:
    with session.no_autoflush:
        _refuse_name(session, mission.id, values.get("name"))
        if values.get("status") is MissionStatus.CLOSED and mission.id is not None:
            _refuse_deployed(session, mission.id, today)
    for key, value in values.items():
        setattr(mission, key, value)
    if mission.status is MissionStatus.OPEN:
        for key in NEEDED:
            if not getattr(mission, key):
                raise Invalid(key, "A mission is open only when people know where to report.")


def _refuse_name(session: Session, mission_id: int | None, name: str | None) -> None:
    others = select(Mission.id).where(Mission.name == name, Mission.id != (mission_id or 0))
    if name is not None and session.scalar(others):
        raise Invalid("name", NAME_TAKEN)


def _refuse_deployed(session: Session, mission_id: int, today: date) -> None:
    query = select(func.count(func.distinct(Deployment.person_id))).where(
        Deployment.mission_id == mission_id,
        Deployment.cancelled_at.is_(None),
        Deployment.ends_on >= today,
    )
    if number := session.scalar(query):
        raise StillDeployed(number)


def _store(session: Session) -> None:
    # Somebody may have taken the name since it was looked at.
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("name", NAME_TAKEN) from error


def _record(
    session: Session,
    action: str,
    mission: Mission,
    viewer: Viewer,
    at: datetime,
    fields: Mapping[str, Any],
) -> None:
    actor = viewer.person_id
    audit.record(
        session, action, "mission", mission.id, actor_id=actor, at=at, fields=sorted(fields)
    )
