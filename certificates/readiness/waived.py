"""The waivers about which somebody may decide: one of them, and the list."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from certificates.readiness.models import Waiver
from modules.catalogue.taught import newest_version_of
from modules.requirements.models import Requirement
from training.errors import NotFound
from training.missions.models import Deployment
from training.permissions import Permission, Viewer

PAGE = 50


class Found(NamedTuple):
    """A waiver, and the version in which what is waived is taught now."""

    waiver: Waiver
    version_id: int | None


def _within(viewer: Viewer) -> Select[Waiver, int | None]:
    """Return the query of the waivers about which a viewer may decide."""
    organisations = viewer.organisations(Permission.WAIVE)
    theirs: ColumnElement[bool] = (
        true() if organisations is None else Deployment.organisation_id.in_(organisations)
    )
    version = newest_version_of(Requirement.course_id)  # type: ignore[arg-type]
    options = (
        contains_eager(Waiver.deployment).joinedload(Deployment.person),
        contains_eager(Waiver.requirement),
        joinedload(Waiver.asked_by),
    )
    query = select(Waiver, version).join(Waiver.deployment).join(Waiver.requirement)
    return query.where(theirs).options(*options)


def get(session: Session, viewer: Viewer, waiver_id: int, *, lock: bool = False) -> Found:
    """Return a waiver within the viewer's scope. Raises `NotFound` for any other.

    With `lock` it is held until the transaction ends, after the deployment it is about.
    """
    query = _within(viewer).where(Waiver.id == waiver_id)
    if lock:
        held = select(Deployment.id).join(Waiver, Waiver.deployment_id == Deployment.id)
        session.execute(held.where(Waiver.id == waiver_id).with_for_update(of=Deployment))
        query = query.with_for_update(of=Waiver).execution_options(populate_existing=True)
    found = session.execute(query).first()
    if found is None:
        raise NotFound("There is no such waiver.")
    return Found(*found)


def listed(session: Session, viewer: Viewer, after: int | None) -> list[Found]:
    """Return one page of waivers, the newest first, and one more when there is a next page."""
    query = _within(viewer)
    if after is not None:
        query = query.where(Waiver.id < after)
    rows = session.execute(query.order_by(Waiver.id.desc()).limit(PAGE + 1))
    return [Found(*row) for row in rows]
