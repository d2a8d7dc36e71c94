"""Answers that are kept no longer: superseded ones first, then all of them; grades stay.

How long is a choice of each organisation. The worker does it once a day, in batches that each
commit on their own, so that nobody waits for it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session, aliased

from modules.assignments.models import Assignment
from quizzes.attempts.models import Attempt, Item, Response
from training import audit, clock, db
from training.accounts.models import Organisation, Person
from training.upkeep import services as upkeep

BATCH = 2000
EVERY = timedelta(hours=24)
DONE = "retention"


def run() -> None:
    """Do a day's deleting, unless it was done within a day."""
    now = clock.now()
    if not upkeep.due(db.session(), DONE, EVERY, at=now):
        return
    organisations = list(db.session().scalars(select(Organisation.id).order_by(Organisation.id)))
    for organisation_id in organisations:
        while _one_batch(organisation_id, now):
            pass
    with db.transaction() as session:
        upkeep.note(session, DONE, at=now)


def _one_batch(organisation_id: int, now: datetime) -> int:
    with db.transaction() as session:
        return forget(session, organisation_id, at=now)


def forget(session: Session, organisation_id: int, *, at: datetime) -> int:
    """Delete one batch of an organisation's answers and return how many there were."""
    organisation = session.get_one(Organisation, organisation_id)
    superseded_before = at - timedelta(days=organisation.keep_superseded_days)
    all_before = _months_before(at, organisation.keep_answers_months)
    superseded = _delete(session, _superseded(organisation_id, superseded_before))
    answers = _delete(session, _finished(organisation_id, all_before))
    if superseded or answers:
        audit.record(
            session,
            "answers.deleted",
            "organisation",
            organisation_id,
            actor_id=None,
            at=at,
            superseded=superseded,
            answers=answers,
        )
    return superseded + answers


def _months_before(at: datetime, months: int) -> datetime:
    day = clock.add_months(at.date(), -months)
    return at.replace(year=day.year, month=day.month, day=day.day)


def _finished(organisation_id: int, before: datetime) -> Select[int]:
    return (
        select(Response.id)
        .join(Item, Item.id == Response.item_id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Person.organisation_id == organisation_id, Attempt.finished_at < before)
    )


def _superseded(organisation_id: int, before: datetime) -> Select[int]:
    later = aliased(Response)
    newer = exists().where(later.item_id == Response.item_id, later.id > Response.id)
    return _finished(organisation_id, before).where(newer)


def _delete(session: Session, query: Select[int]) -> int:
    ids = list(session.scalars(query.limit(BATCH)))
    session.execute(
        delete(Response).where(Response.id.in_(ids)).execution_options(synchronize_session=False)
    )
    return len(ids)
