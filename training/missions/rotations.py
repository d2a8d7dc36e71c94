"""Rotations, and how many people each organisation sends in them; in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts.models import Organisation
from training.errors import Invalid, NotFound, spoken
from training.missions import mandates, planning
from training.missions.meanwhile import Both, Written, collisions, unsaved, written
from training.missions.models import Deployment, Mission, Rotation
from training.permissions import Permission, Viewer

FIELDS = ("name", "starts_on", "ends_on")
NAME_TAKEN = spoken("This mission already has a rotation of this name.")


@dataclass(frozen=True)
class Sender:
    """An organisation with how many people and vacant posts it has in a rotation."""

    organisation_id: int
    name: str
    people: int
    vacant: int
    mandate_until: date | None


def get(session: Session, rotation_id: int) -> Rotation:
    """Return a rotation with its mission: every planner sees all. Raises `NotFound`."""
    loaded = joinedload(Rotation.mission).joinedload(Mission.lead)
    query = select(Rotation).where(Rotation.id == rotation_id).options(loaded)
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("There is no such rotation.")
    return found


def make(
    session: Session, viewer: Viewer, mission_id: int, values: Mapping[str, Any], *, at: datetime
) -> Rotation:
    """Make a rotation of a mission one leads. Raises `Invalid` for a taken name or wrong days."""
    planning.led(session, viewer, mission_id, lock=True)
    rotation = Rotation(mission_id=mission_id)
    _fill(session, rotation, values)
    session.add(rotation)
    _store(session, "rotation.made", rotation, viewer, at)
    return rotation


def change(
    session: Session,
    viewer: Viewer,
    rotation_id: int,
    values: Mapping[str, Any],
    seen: Written,
    *,
    at: datetime,
) -> list[Both]:
    """Change what the sender changed of a rotation; the deployments in it keep their days.

    Returns what somebody else changed to another value meanwhile; then nothing is changed.
    """
    rotation = get(session, rotation_id)
    planning.led(session, viewer, rotation.mission_id, lock=True)
    session.refresh(rotation, FIELDS)
    now = written_of(rotation)
    if both := collisions(seen, written(values), now):
        return both
    if changed := unsaved(values, seen, now):
        _fill(session, rotation, changed)
        _store(session, "rotation.changed", rotation, viewer, at)
    return []


def written_of(rotation: Rotation) -> Written:
    """Return what can be changed of a rotation, as a form carries it."""
    return written({key: getattr(rotation, key) for key in FIELDS})


def senders(session: Session, viewer: Viewer, rotation: Rotation, *, at: datetime) -> list[Sender]:
    """Return the organisations in a rotation by name: all to the lead, else one's own."""
    query = (
        select(
            Organisation.id,
            Organisation.name,
            func.count(Deployment.person_id),
            func.count().filter(Deployment.person_id.is_(None)),
        )
        .join(Deployment, Deployment.organisation_id == Organisation.id)
        .where(Deployment.rotation_id == rotation.id, Deployment.cancelled_at.is_(None))
        .group_by(Organisation.id)
        .order_by(Organisation.name)
    )
    organisations = viewer.organisations(Permission.PLAN)
    if organisations is not None and not planning.leads(viewer, rotation.mission):
        query = query.where(Organisation.id.in_(organisations))
    until = mandates.in_force(session, rotation.id, at=at)
    return [Sender(*row, until.get(row[0])) for row in session.execute(query)]


def _fill(session: Session, rotation: Rotation, values: Mapping[str, Any]) -> None:
    others = select(Rotation.id).where(
        Rotation.mission_id == rotation.mission_id,
        Rotation.name == values.get("name"),
        Rotation.id != (rotation.id or 0),
    )
    if session.scalar(others):
        raise Invalid("name", NAME_TAKEN)
    for key, value in values.items():
        setattr(rotation, key, value)
    if rotation.ends_on < rotation.starts_on:
        raise Invalid("ends_on", "The last day is before the first.")


def _store(session: Session, action: str, rotation: Rotation, viewer: Viewer, at: datetime) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("name", NAME_TAKEN) from error
    audit.record(session, action, "rotation", rotation.id, actor_id=viewer.person_id, at=at)
