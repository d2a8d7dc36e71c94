"""The years of a person are over: what was assigned to them goes; and when that is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from training.accounts.models import Organisation, Person
from training.clock import day_at
from training.erasure import Lasting
from training.expiry import rows
from training.missions.models import Deployment


def lasting(session: Session, ids: Sequence[int]) -> Lasting:
    """Return when people were last assigned something or completed it, and who has it open."""
    query = (
        select(
            Assignment.person_id,
            Organisation.time_zone,
            func.max(Assignment.assigned_at),
            func.max(Assignment.completed_at),
            func.count(Assignment.id) > func.count(Assignment.completed_at),
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Person.organisation)
        .where(Assignment.person_id.in_(ids))
        .group_by(Assignment.person_id, Organisation.time_zone)
    )
    last, open_ = {}, set()
    for person_id, zone, assigned, completed, is_open in session.execute(query):
        last[person_id] = day_at(max(assigned, completed or assigned), zone)
        if is_open:
            open_.add(person_id)
    return Lasting(last, open_)


def hold(session: Session, person_id: int) -> None:
    """Lock the assignments of a person, which are locked before all that hangs on them."""
    query = select(Assignment.id).where(Assignment.person_id == person_id)
    session.execute(query.order_by(Assignment.id).with_for_update())


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete the assignments of a person, and what ties another's to their deployments."""
    rows.erase(session, person_id, Assignment.person_id)
    # Two records that were one for a while can share a deployment.
    theirs = select(Deployment.id).where(Deployment.person_id == person_id)
    tied = update(Assignment).where(Assignment.deployment_id.in_(theirs))
    session.execute(tied.values(deployment_id=None).execution_options(synchronize_session=False))


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed who still has an assignment."""
    return rows.left(session, Assignment.person_id)
