"""Who goes on a mission and which posts are vacant: listed, found, made and changed with care."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from training.accounts import services
from training.accounts.models import Person
from training.errors import Invalid, NotFound
from training.missions import deployments
from training.missions.changes import FIELDS
from training.missions.meanwhile import Both, Written, collisions, unsaved, written
from training.missions.models import Deployment, Rotation
from training.permissions import Permission, Viewer

PAGE = 50


class When(enum.Enum):
    """Which deployments a list shows, as seen from a day."""

    CURRENT = "current"  # Those that are under way and those to come.
    NOW = "now"
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Filter:
    """Which deployments on a mission are wanted."""

    rotation_id: int = 0
    unit_ids: frozenset[int] | None = None
    when: When = When.CURRENT


def listed(
    session: Session,
    viewer: Viewer,
    mission_id: int,
    wanted: Filter,
    after: int | None,
    today: date,
) -> list[Deployment]:
    """Return one page by the first day, and one more when there is a next page."""
    query = _wanted(viewer, mission_id, wanted, today).limit(PAGE + 1)
    if after is not None:
        key = select(Deployment.starts_on).where(Deployment.id == after).scalar_subquery()
        query = query.where(tuple_(Deployment.starts_on, Deployment.id) > tuple_(key, after))
    return list(session.scalars(query))


def everything(
    session: Session, viewer: Viewer, mission_id: int, wanted: Filter, today: date
) -> list[Deployment]:
    """Return all that a filter shows."""
    return list(session.scalars(_wanted(viewer, mission_id, wanted, today)))


def _wanted(viewer: Viewer, mission_id: int, wanted: Filter, today: date) -> Select[Deployment]:
    query = deployments.within(viewer).where(
        Deployment.mission_id == mission_id, _at(wanted.when, today)
    )
    if wanted.rotation_id:
        query = query.where(Deployment.rotation_id == wanted.rotation_id)
    if wanted.unit_ids is not None:
        query = query.where(Deployment.unit_id.in_(wanted.unit_ids))
    loaded = (Deployment.person, Deployment.unit, Deployment.rotation)
    return query.options(*(joinedload(one) for one in loaded)).order_by(
        Deployment.starts_on, Deployment.id
    )


def _at(when: When, today: date) -> ColumnElement[bool]:
    begun, over = Deployment.starts_on <= today, Deployment.ends_on < today
    if when is When.CANCELLED:
        return Deployment.cancelled_at.is_not(None)
    chosen = {When.CURRENT: ~over, When.NOW: and_(begun, ~over), When.UPCOMING: ~begun}
    return and_(Deployment.cancelled_at.is_(None), chosen.get(when, over))


def whole(session: Session, viewer: Viewer, deployment_id: int) -> Deployment:
    """Return a deployment with all it names. Raises `NotFound` for anybody else's id."""
    named = (Deployment.person, Deployment.mission, Deployment.unit, Deployment.rotation)
    query = deployments.within(viewer).where(Deployment.id == deployment_id)
    query = query.options(*(joinedload(one) for one in named))
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("There is no such deployment.")
    return found


def rotations(session: Session, mission_id: int) -> list[Rotation]:
    """Return the rotations of a mission, the latest first."""
    query = select(Rotation).where(Rotation.mission_id == mission_id)
    return list(session.scalars(query.order_by(Rotation.starts_on.desc(), Rotation.id)))


def named(session: Session, viewer: Viewer, text: str) -> Person:
    """Return whom a personnel number or user name means. Raises `Invalid` for nobody or several."""
    meant = or_(Person.personnel_number == text, Person.user_name == text.casefold())
    query = services.within(viewer, Permission.PLAN).where(Person.is_active, meant)
    found = session.scalars(query.limit(2)).all()
    if not found:
        raise Invalid("who", "Nobody you plan for is known as this.")
    if len(found) > 1:
        raise Invalid("who", "Several people are known as this. Please use a user name.")
    return found[0]


def make(
    session: Session,
    viewer: Viewer,
    mission_id: int,
    person: Person | None,
    values: Mapping[str, Any],
    token: str,
    *,
    at: datetime,
) -> Deployment:
    """Send a person or make a vacant post; the same form sent again returns what it made."""
    same = deployments.within(viewer).where(Deployment.token == token)
    if known := session.scalars(same).first():
        return known
    home = person.organisation_id if person else viewer.organisation_id
    try:
        # The same form may be sent twice at the same moment.
        with session.begin_nested():
            return deployments.deploy(
                session, viewer, home, mission_id, {**values, "token": token}, at=at
            )
    except IntegrityError:
        return session.scalars(same).one()


def change(
    session: Session,
    viewer: Viewer,
    deployment_id: int,
    values: Mapping[str, Any],
    seen: Written,
    reason: str,
    *,
    at: datetime,
) -> list[Both]:
    """Change what the sender changed of a deployment since they saw it.

    Returns what somebody else changed to another value meanwhile; then nothing is changed.
    """
    found = deployments.get(session, viewer, deployment_id, lock=True)
    now = written_of(found)
    if both := collisions(seen, written(values), now):
        return both
    changed = unsaved(values, seen, now)
    deployments.change(session, viewer, deployment_id, changed, reason, at=at)
    return []


def written_of(deployment: Deployment) -> Written:
    """Return what can be changed of a deployment, as a form carries it."""
    return written({key: getattr(deployment, key) for key in FIELDS})
