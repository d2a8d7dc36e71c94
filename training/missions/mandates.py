"""A sender lets the lead of a mission see its names in one rotation, until a day or sooner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts.models import Organisation, Person
from training.clock import day_at
from training.errors import Forbidden, Invalid, NotFound
from training.missions import planning
from training.missions.models import Deployment, Mandate, Mission, Rotation
from training.permissions import Permission, Viewer


@dataclass(frozen=True)
class Named:
    """The people of a sender in a rotation, as its mandate lets the lead see them."""

    organisation: str
    until: date
    deployments: Sequence[Deployment]


def in_force(session: Session, rotation_id: int, *, at: datetime) -> dict[int, date]:
    """Return until when each sender's mandate lasts; the last day counts where the sender is."""
    query = (
        select(Mandate.organisation_id, Mandate.ends_on, Organisation.time_zone)
        .join(Organisation, Organisation.id == Mandate.organisation_id)
        .where(Mandate.rotation_id == rotation_id, Mandate.revoked_at.is_(None))
        .order_by(Mandate.ends_on)
    )
    rows = session.execute(query)
    return {sender: until for sender, until, zone in rows if until >= day_at(at, zone)}


def give(
    session: Session, viewer: Viewer, rotation_id: int, ends_on: date, *, at: datetime
) -> None:
    """Let the lead see the names of one's own organisation; a mandate before this one ends.

    Raises `Forbidden` for whoever leads the mission or does not plan at home.
    """
    rotation, sender = _held(session, viewer, rotation_id)
    if session.get_one(Mission, rotation.mission_id).lead_id == sender.id:
        raise Forbidden("Your organisation leads this mission and sees its own names.")
    if ends_on < day_at(at, sender.time_zone):
        raise Invalid("ends_on", "Please choose today or a later day.")
    _end(session, viewer, rotation_id, at)
    mandate = Mandate(
        rotation_id=rotation_id,
        organisation_id=sender.id,
        ends_on=ends_on,
        given_by_id=viewer.person_id,
        given_at=at,
    )
    session.add(mandate)
    session.flush()
    _record(session, "mandate.given", viewer, rotation_id, sender.id, at)


def revoke(session: Session, viewer: Viewer, rotation_id: int, *, at: datetime) -> None:
    """Take one's own mandate back at once; when there is none this changes nothing."""
    _rotation, sender = _held(session, viewer, rotation_id)
    if _end(session, viewer, rotation_id, at):
        _record(session, "mandate.revoked", viewer, rotation_id, sender.id, at)


def names(
    session: Session, viewer: Viewer, rotation_id: int, organisation_id: int, *, at: datetime
) -> Named:
    """Return a sender's people to the lead, and write down that they were read.

    Raises `NotFound` for whoever does not lead the mission, and without a mandate in force.
    """
    query = select(Rotation).where(Rotation.id == rotation_id)
    rotation = session.scalars(query.options(joinedload(Rotation.mission))).first()
    until = in_force(session, rotation_id, at=at).get(organisation_id)
    if rotation is None or until is None or not planning.leads(viewer, rotation.mission):
        raise NotFound("There is no mandate to see these names.")
    going = (
        select(Deployment)
        .join(Person, Person.id == Deployment.person_id)
        .where(
            Deployment.rotation_id == rotation_id,
            Deployment.organisation_id == organisation_id,
            Deployment.cancelled_at.is_(None),
        )
        .options(joinedload(Deployment.person))
        .order_by(Person.sort_name, Deployment.id)
    )
    _record(session, "deployment.names_read", viewer, rotation_id, organisation_id, at)
    sender = session.get_one(Organisation, organisation_id)
    return Named(sender.name, until, session.scalars(going).all())


def _held(session: Session, viewer: Viewer, rotation_id: int) -> tuple[Rotation, Organisation]:
    organisations = viewer.organisations(Permission.PLAN)
    if organisations is not None and viewer.organisation_id not in organisations:
        raise Forbidden("You do not plan for your own organisation.")
    # Two of one organisation at once give one mandate: the second ends the first.
    rotation = session.get(Rotation, rotation_id, with_for_update=True, populate_existing=True)
    if rotation is None:
        raise NotFound("There is no such rotation.")
    return rotation, session.get_one(Organisation, viewer.organisation_id)


def _end(session: Session, viewer: Viewer, rotation_id: int, at: datetime) -> bool:
    ended = session.execute(
        update(Mandate)
        .where(
            Mandate.rotation_id == rotation_id,
            Mandate.organisation_id == viewer.organisation_id,
            Mandate.revoked_at.is_(None),
        )
        .values(revoked_by_id=viewer.person_id, revoked_at=at)
        .returning(Mandate.id)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.all())


def _record(
    session: Session,
    action: str,
    viewer: Viewer,
    rotation_id: int,
    sender_id: int,
    at: datetime,
) -> None:
    actor = viewer.person_id
    audit.record(
        session, action, "rotation", rotation_id, actor_id=actor, at=at, organisation_id=sender_id
    )
