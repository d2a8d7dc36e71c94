"""Going through many people again, some at a time, in an order that a crash does not lose."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.learning.models import Completion
from modules.requirements import assigning, tours
from modules.requirements.models import Reassessment, Requirement
from training.accounts.models import Person
from training.missions.models import Deployment

BATCH = 200


def ask_for_everybody(session: Session, organisation_id: int) -> None:
    """Have everybody of an organisation looked at again, from the first."""
    begun = delete(Reassessment).where(
        Reassessment.organisation_id == organisation_id, Reassessment.up_to_id.is_(None)
    )
    session.execute(begun.execution_options(synchronize_session=False))
    session.add(Reassessment(organisation_id=organisation_id, after_id=0))


def ask_for_all(session: Session) -> None:
    """Have everybody looked at again of every organisation that has, or had, a rule."""
    homes = select(Requirement.organisation_id).distinct().order_by(Requirement.organisation_id)
    for organisation_id in session.scalars(homes).all():
        ask_for_everybody(session, organisation_id)


def ask_for_holder(session: Session, completion_id: int) -> bool:
    """Have one person looked at again who has completed something, if rules are about them."""
    ruled = exists().where(Requirement.organisation_id == Person.organisation_id)
    query = (
        select(Person.id, Person.organisation_id)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Completion, Completion.assignment_id == Assignment.id)
        .where(Completion.id == completion_id, ruled)
    )
    found = session.execute(query).first()
    if found is None:
        return False
    person_id, home = found
    session.add(Reassessment(organisation_id=home, after_id=person_id - 1, up_to_id=person_id))
    return True


def step(session: Session, *, at: datetime) -> bool:
    """Look at the next people that wait for it; return whether there were any.

    Whoever comes after a crash goes on where the last whole step ended.
    """
    waiting = select(Reassessment).order_by(Reassessment.up_to_id.is_(None), Reassessment.id)
    held = waiting.limit(1).with_for_update(skip_locked=True)
    found = session.scalars(held.execution_options(populate_existing=True)).first()
    if found is None:
        return False
    ids = _people(session, found, at)
    assigning.settle(session, ids, at=at)
    if len(ids) == BATCH:
        found.after_id = ids[-1]
    else:
        session.delete(found)
    session.flush()
    return True


def _people(session: Session, found: Reassessment, at: datetime) -> Sequence[int]:
    """Return the next people who go somewhere, or whom a rule has given something."""
    goes = exists().where(
        Deployment.person_id == Person.id,
        Deployment.cancelled_at.is_(None),
        Deployment.ends_on >= at.date() - tours.A_DAY,
    )
    given = exists().where(Assignment.person_id == Person.id, assigning.by_rule())
    query = select(Person.id).where(
        Person.organisation_id == found.organisation_id,
        Person.id > found.after_id,
        # What rests with a record that was merged waits there for the merge to be undone.
        Person.merged_into_id.is_(None),
        or_(goes, given),
    )
    if found.up_to_id is not None:
        query = query.where(Person.id <= found.up_to_id)
    return session.scalars(query.order_by(Person.id).limit(BATCH)).all()
