"""Who goes when: made, changed and cancelled. In the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from training.accounts.models import Person, Unit
from training.errors import Forbidden, Invalid, NotFound
from training.missions.changes import keep, written
from training.missions.models import Deployment, Mission, MissionStatus, Rotation
from training.permissions import Permission, Viewer


def within(viewer: Viewer, permission: Permission = Permission.PLAN) -> Select[Deployment]:
    """Return the query of the deployments over which the viewer has a permission everywhere."""
    organisations = viewer.organisations(permission)
    query = select(Deployment)
    return (
        query
        if organisations is None
        else query.where(Deployment.organisation_id.in_(organisations))
    )


def get(session: Session, viewer: Viewer, deployment_id: int, *, lock: bool = False) -> Deployment:
    """Return a deployment the viewer plans. Raises `NotFound` for anybody else's id.

    With `lock` the row is held until the transaction ends.
    """
    query = within(viewer).where(Deployment.id == deployment_id)
    if lock:
        query = query.with_for_update(of=Deployment).execution_options(populate_existing=True)
    found = session.scalars(
        query.options(joinedload(Deployment.person), joinedload(Deployment.mission))
    ).first()
    if found is None:
        raise NotFound("There is no such deployment.")
    return found


def deploy(
    session: Session,
    viewer: Viewer,
    organisation_id: int,
    mission_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    reason: str = "",
) -> Deployment:
    """Send a person on a mission, or make a vacant post on it.

    Raises `Invalid` for a mission that is closed, for days in the wrong order, and for people,
    units and rotations of others.
    """
    _refuse_closed(session, mission_id)
    deployment = Deployment(organisation_id=organisation_id, mission_id=mission_id)
    _fill(session, viewer, deployment, values)
    session.add(deployment)
    session.flush()
    keep(session, deployment, {}, reason, viewer.person_id, at)
    return deployment


def change(
    session: Session,
    viewer: Viewer,
    deployment_id: int,
    values: Mapping[str, Any],
    reason: str,
    *,
    at: datetime,
) -> bool:
    """Change what is given of a deployment; return False when it already is so.

    Raises `Forbidden` when it was cancelled, and `Invalid` as `deploy` does: nobody is put on a
    mission that is closed, or stays on it longer.
    """
    deployment = get(session, viewer, deployment_id, lock=True)
    if deployment.cancelled_at is not None:
        raise Forbidden("This deployment was cancelled. Make a new one.")
    before = written(deployment)
    _refuse_own(viewer, deployment.person_id)
    _fill(session, viewer, deployment, values)
    session.flush()
    longer = deployment.ends_on.isoformat() > before["ends_on"]
    if longer or deployment.person_id not in {None, before["person_id"]}:
        _refuse_closed(session, deployment.mission_id)
    return keep(session, deployment, before, reason, viewer.person_id, at)


def cancel(
    session: Session, viewer: Viewer, deployment_id: int, reason: str, *, at: datetime
) -> None:
    """Cancel a deployment; cancelling it again changes nothing."""
    deployment = get(session, viewer, deployment_id, lock=True)
    _refuse_own(viewer, deployment.person_id)
    if deployment.cancelled_at is not None:
        return
    before = written(deployment)
    deployment.cancelled_at = at
    session.flush()
    keep(session, deployment, before, reason, viewer.person_id, at)


def overlapping(
    session: Session, person_id: int, starts_on: date, ends_on: date, *, but: int | None = None
) -> list[Deployment]:
    """Return the other deployments of a person that share a day with this one."""
    query = select(Deployment).where(
        Deployment.person_id == person_id,
        Deployment.cancelled_at.is_(None),
        Deployment.starts_on <= ends_on,
        Deployment.ends_on >= starts_on,
        Deployment.id != (but or 0),
    )
    return list(session.scalars(query.options(joinedload(Deployment.mission))))


def _fill(
    session: Session, viewer: Viewer, deployment: Deployment, values: Mapping[str, Any]
) -> None:
    home = deployment.organisation_id
    organisations = viewer.organisations(Permission.PLAN)
    if organisations is not None and home not in organisations:
        raise NotFound("There is no such organisation.")
    for key, value in values.items():
        setattr(deployment, key, value)
    deployment.functions = sorted(deployment.functions or [])
    if deployment.ends_on < deployment.starts_on:
        raise Invalid("ends_on", "The last day is before the first.")
    _refuse_own(viewer, deployment.person_id)
    with session.no_autoflush:
        _refuse_strangers(session, deployment)


def _refuse_strangers(session: Session, deployment: Deployment) -> None:
    home = deployment.organisation_id
    person = session.get(Person, deployment.person_id) if deployment.person_id else None
    gone = person is None or person.removed_at is not None or person.organisation_id != home
    if deployment.person_id is not None and gone:
        raise Invalid("person", "There is no such person in your organisation.")
    unit = session.get(Unit, deployment.unit_id) if deployment.unit_id else None
    if deployment.unit_id is not None and (unit is None or unit.organisation_id != home):
        raise Invalid("unit_id", "There is no such unit.")
    rotation = session.get(Rotation, deployment.rotation_id) if deployment.rotation_id else None
    elsewhere = rotation is None or rotation.mission_id != deployment.mission_id
    if deployment.rotation_id is not None and elsewhere:
        raise Invalid("rotation_id", "There is no such rotation.")


def _refuse_closed(session: Session, mission_id: int) -> None:
    # Whoever closes the mission waits, and then counts this deployment too.
    mission = session.get(
        Mission, mission_id, with_for_update={"read": True}, populate_existing=True
    )
    if mission is None:
        raise NotFound("There is no such mission.")
    if mission.status is MissionStatus.CLOSED:
        raise Invalid("mission", "This mission is closed. Nobody can be sent on it.")


def _refuse_own(viewer: Viewer, person_id: int | None) -> None:
    if person_id is not None and person_id == viewer.person_id:
        raise Forbidden("You cannot plan your own deployment. Ask another trainer.")
