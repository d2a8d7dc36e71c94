"""What is there already, as far as the rows of a roster may meet it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

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
from training.rosters.planned import Around
from training.rosters.planning import RosterPlanner

# What is refused is that somebody plans their own deployment; the rest of their own record is
# not touched by a roster at all.
NOBODY = 0


def planner(session: Session, upload: Upload, own_id: int) -> RosterPlanner:
    """Return what plans any row of a roster against what is there at this moment."""
    people = around.planner(session, upload, NOBODY)
    here = or_(Deployment.mission_id == Mission.id, Deployment.ends_on >= day_of(upload))
    return _planner(session, upload, own_id, people, here)


def planner_of(
    session: Session, upload: Upload, own_id: int, rows: Sequence[Entry], taken: frozenset[str]
) -> RosterPlanner:
    """Return what plans these rows, reading no more than they may meet, within a transaction."""
    people = around.planner_of(session, upload, NOBODY, rows, taken)
    known = {person.id for person in people.around.known}
    return _planner(session, upload, own_id, people, Deployment.person_id.in_(known))


def day_of(upload: Upload) -> date:
    """Return the day on which a roster was sent in: what it says of weeks is meant from there."""
    return date.fromisoformat(upload.choices["today"])


def rotation_of(upload: Upload) -> ColumnElement[bool]:
    """Return which rotation a roster is of; one that is new has a name before it is there."""
    choices = upload.choices
    if choices.get("new_rotation"):
        named = Rotation.name == choices["new_rotation"]
    else:
        named = Rotation.id == int(choices.get("rotation") or 0)
    return and_(Rotation.mission_id == int(choices["mission"]), named)


def _planner(
    session: Session, upload: Upload, own_id: int, people: Planner, besides: ColumnElement[bool]
) -> RosterPlanner:
    """Read the mission, the rotation and the deployments of both and of others at once."""
    columns: list[Any] = [getattr(Deployment, name) for name in Tour._fields[:-2]]
    here = or_(
        Deployment.rotation_id == Rotation.id,
        and_(Deployment.mission_id == Mission.id, Deployment.person_id.is_(None)),
        besides,
    )
    own = (Deployment.organisation_id == upload.organisation_id, Deployment.cancelled_at.is_(None))
    query = (
        select(Mission.status, Rotation.id, *columns, Person.printed_name, Person.personnel_number)
        .select_from(Mission)
        .outerjoin(Rotation, rotation_of(upload))
        .outerjoin(Deployment, and_(*own, here))
        .outerjoin(Person, Person.id == Deployment.person_id)
        .where(Mission.id == int(upload.choices["mission"]))
    )
    found = session.execute(query.order_by(Deployment.id)).all()
    if not found:
        raise NotFound("There is no such mission.")
    status, rotation_id = found[0][:2]
    place = Place(
        int(upload.choices["mission"]),
        rotation_id,
        bool(rotation_id or upload.choices.get("new_rotation")),
        day_of(upload),
    )
    tours = [Tour(*row[2:]) for row in found if row[2] is not None]
    return RosterPlanner(Around(people, tours, place, status is MissionStatus.CLOSED, own_id))
