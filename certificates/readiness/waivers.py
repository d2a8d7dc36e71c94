"""Going without what is required: asked by one, granted by another. In the caller's transaction.

A waiver ends by itself after its last day; it never counts as trained.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from certificates.readiness.models import Waiver
from certificates.readiness.waived import get
from modules.requirements.models import Requirement
from training import audit
from training.errors import DomainError, Forbidden, Invalid, NotFound
from training.missions import deployments
from training.missions.models import Deployment, DeploymentChange
from training.permissions import Permission, Viewer


class NotWaivable(DomainError):
    """There is nothing to waive, or nobody may."""


class AlreadyDecided(DomainError):
    """The waiver is not what it was: somebody else was quicker."""


def subject(
    session: Session, viewer: Viewer, deployment_id: int, requirement_id: int, *, lock: bool = False
) -> tuple[Deployment, Requirement]:
    """Return for whom what may be waived.

    Raises `NotFound` for what is out of scope, `Forbidden` for oneself, and `NotWaivable`.
    """
    query = deployments.within(viewer, Permission.WAIVE).where(
        Deployment.id == deployment_id, Deployment.person_id.is_not(None)
    )
    if lock:
        query = query.with_for_update(of=Deployment).execution_options(populate_existing=True)
    deployment = session.scalars(query.options(joinedload(Deployment.person))).first()
    requirement = session.get(Requirement, requirement_id)
    if deployment is None or deployment.cancelled_at is not None:
        raise NotFound("There is no such deployment.")
    if requirement is None or requirement.organisation_id != deployment.organisation_id:
        raise NotFound("There is no such requirement.")
    if deployment.person_id == viewer.person_id:
        raise Forbidden("You cannot ask for a waiver for yourself. Ask a colleague.")
    if not requirement.waivable or requirement.retired_at is not None:
        raise NotWaivable("This requirement cannot be waived.")
    return deployment, requirement


def ask(
    session: Session,
    viewer: Viewer,
    deployment_id: int,
    requirement_id: int,
    values: Mapping[str, Any],
    *,
    today: date,
    at: datetime,
) -> Waiver:
    """Ask for a waiver; while one is asked for or in force, that is the one.

    Raises as `subject` does, and `Invalid` for a last day outside the tour.
    """
    deployment, _requirement = subject(session, viewer, deployment_id, requirement_id, lock=True)
    last = values["ends_on"]
    if not max(deployment.starts_on, today) <= last <= deployment.ends_on:
        raise Invalid("ends_on", "Choose a day within the tour that is not past.")
    found = _not_over(session, deployment_id, requirement_id)
    if found is not None and found.ends_on >= today:
        return found
    if found is not None:  # It ended by itself.
        found.ended_at = at
        session.flush()
    waiver = Waiver(
        deployment_id=deployment_id,
        requirement_id=requirement_id,
        asked_by_id=viewer.person_id,
        asked_at=at,
        **values,
    )
    session.add(waiver)
    session.flush()
    _record(session, "waiver.asked", waiver, viewer.person_id, at)
    return waiver


def _not_over(session: Session, deployment_id: int, requirement_id: int) -> Waiver | None:
    query = select(Waiver).where(*_open(deployment_id), Waiver.requirement_id == requirement_id)
    return session.scalars(query).first()


def _open(deployment_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Waiver.deployment_id == deployment_id,
        Waiver.refused_at.is_(None),
        Waiver.ended_at.is_(None),
    )


def grant(session: Session, viewer: Viewer, waiver_id: int, *, today: date, at: datetime) -> None:
    """Grant what somebody else asked; granting it again changes nothing.

    Raises `Forbidden` for whoever asked and for whom it is about, and `AlreadyDecided`.
    """
    waiver = _to_decide(session, viewer, waiver_id)
    if waiver.granted_by_id == viewer.person_id and waiver.ended_at is None:
        return
    if waiver.asked_by_id == viewer.person_id:
        raise Forbidden("You asked for this waiver. Somebody else must grant it.")
    _refuse_over(waiver, today)
    if waiver.granted_at is not None:
        raise AlreadyDecided("A colleague has granted this waiver already.")
    waiver.granted_at, waiver.granted_by_id = at, viewer.person_id
    _record(session, "waiver.granted", waiver, viewer.person_id, at)


def refuse(session: Session, viewer: Viewer, waiver_id: int, *, at: datetime) -> None:
    """Refuse what was asked, or take back what one asked oneself; again changes nothing.

    Raises `Forbidden` for whom it is about, and `AlreadyDecided` once it was granted.
    """
    waiver = _to_decide(session, viewer, waiver_id)
    if waiver.refused_at is not None:
        return
    if waiver.granted_at is not None:
        raise AlreadyDecided("A colleague has granted this waiver already.")
    waiver.refused_at, waiver.refused_by_id = at, viewer.person_id
    _record(session, "waiver.refused", waiver, viewer.person_id, at)


def end(session: Session, viewer: Viewer, waiver_id: int, *, at: datetime) -> None:
    """End a waiver before its last day; ending it again changes nothing.

    Raises `Forbidden` for whom it is about, and `AlreadyDecided` while it was not granted.
    """
    waiver = _to_decide(session, viewer, waiver_id)
    if waiver.ended_at is not None:
        return
    if waiver.granted_at is None:
        raise AlreadyDecided("This waiver is not in force.")
    waiver.ended_at, waiver.ended_by_id = at, viewer.person_id
    _record(session, "waiver.ended", waiver, viewer.person_id, at)


def _to_decide(session: Session, viewer: Viewer, waiver_id: int) -> Waiver:
    waiver = get(session, viewer, waiver_id, lock=True).waiver
    if waiver.deployment.person_id == viewer.person_id:
        raise Forbidden("You cannot decide on your own waiver. Ask a colleague.")
    return waiver


def _refuse_over(waiver: Waiver, today: date) -> None:
    if waiver.refused_at is not None or waiver.ended_at is not None or waiver.ends_on < today:
        raise AlreadyDecided("This waiver is over. Ask for a new one.")


def post_changed_hands(session: Session, deployment_id: int, at: datetime) -> None:
    """End the waivers of a post that somebody else has now: they were for one person."""
    newest = (
        select(DeploymentChange)
        .where(DeploymentChange.deployment_id == deployment_id)
        .order_by(DeploymentChange.id.desc())
        .limit(1)
    )
    change = session.scalars(newest).first()
    if change is None or change.before.get("person_id") is None:
        return
    ended = update(Waiver).where(*_open(deployment_id)).values(ended_at=at)
    session.execute(ended.execution_options(synchronize_session="fetch"))


def _record(session: Session, action: str, waiver: Waiver, actor_id: int, at: datetime) -> None:
    audit.record(
        session,
        action,
        "waiver",
        waiver.id,
        actor_id=actor_id,
        at=at,
        deployment_id=waiver.deployment_id,
        requirement_id=waiver.requirement_id,
    )
