"""What is there already, as far as the rows of a roster may meet it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from training.accounts.models import Person
from training.errors import NotFound
from training.imports import around
from training.imports.entries import Entry
from training.imports.models import Upload
from training.imports.planning import Planner
from training.missions.models import Deployment, Mission, MissionStatus, Rotation
from training.rosters.matching import Place, Tour
from training.rosters.planning import Around, RosterPlanner

# What is refused is that somebody plans their own deployment; the rest of their own record is
# not touched by a roster at all.
NOBODY = 0


class Sent(NamedTuple):
    """Where a roster sends people, by name; the rotation is named before it is there."""

    mission_id: int
    mission: str
    status: MissionStatus
    rotation_id: int | None
    rotation: str


def sent(session: Session, upload: Upload) -> Sent:
    """Return the mission of a roster, and its rotation when there is one."""
    choices = upload.choices
    rotation_id, name = int(choices.get("rotation") or 0), choices.get("new_rotation", "")
    query = (
        select(Mission.id, Mission.name, Mission.status, Rotation.id, Rotation.name)
        .outerjoin(
            Rotation,
            and_(
                Rotation.mission_id == Mission.id,
                Rotation.name == name if name else Rotation.id == rotation_id,
            ),
        )
        .where(Mission.id == int(choices.get("mission") or 0))
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound("There is no such mission.")
    return Sent(*found[:4], found[4] or name)


def planner(session: Session, upload: Upload, own_id: int) -> RosterPlanner:
    """Return what plans any row of a roster against what is there at this moment."""
    people = around.planner(session, upload, NOBODY)
    to = sent(session, upload)
    today = day_of(upload)
    here = or_(Deployment.mission_id == to.mission_id, Deployment.ends_on >= today)
    return _planner(session, upload, own_id, people, to, here)


def planner_of(
    session: Session, upload: Upload, own_id: int, rows: Sequence[Entry], taken: frozenset[str]
) -> RosterPlanner:
    """Return what plans these rows, reading no more than they may meet, within a transaction."""
    people = around.planner_of(session, upload, NOBODY, rows, taken)
    to = sent(session, upload)
    known = {person.id for person in people.around.known}
    vacant = and_(Deployment.mission_id == to.mission_id, Deployment.person_id.is_(None))
    here = or_(Deployment.person_id.in_(known), vacant, Deployment.rotation_id == to.rotation_id)
    return _planner(session, upload, own_id, people, to, here)


def day_of(upload: Upload) -> date:
    """Return the day on which a roster was sent in: what it says of weeks is meant from there."""
    return date.fromisoformat(upload.choices["today"])


def _planner(
    session: Session,
    upload: Upload,
    own_id: int,
    people: Planner,
    to: Sent,
    here: ColumnElement[bool],
) -> RosterPlanner:
    in_rotation = to.rotation_id is not None or bool(to.rotation)
    place = Place(to.mission_id, to.rotation_id, in_rotation, day_of(upload))
    tours = _tours(session, upload.organisation_id, here)
    return RosterPlanner(Around(people, tours, place, to.status is MissionStatus.CLOSED, own_id))


def _tours(session: Session, organisation_id: int, here: ColumnElement[bool]) -> list[Tour]:
    columns: list[Any] = [getattr(Deployment, name) for name in Tour._fields[:-2]]
    query = (
        select(*columns, Person.printed_name, Person.personnel_number)
        .outerjoin(Person, Person.id == Deployment.person_id)
        .where(
            Deployment.organisation_id == organisation_id,
            Deployment.cancelled_at.is_(None),
            here,
        )
    )
    return [Tour(*row) for row in session.execute(query.order_by(Deployment.id))]
