"""What follows when a deployment changes or something is completed; and the worker's part."""

from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.requirements import assigning, rounds
from training import clock, db, jobs, signals
from training.missions.models import Deployment
from training.upkeep import services as upkeep

JOB = "requirements"
EVERY = timedelta(hours=24)
CHANGED = "requirements.changed"


def init_app(_app: Flask) -> None:
    """Listen to both signals."""
    signals.deployment_changed.connect(_note)
    signals.completed.connect(_completed)
    # However many deployments a transaction changes, their people are looked at once, at its
    # end: a roster of 300 costs as many statements as one person.
    event.listen(Session, "before_commit", _settle)
    event.listen(Session, "after_rollback", _forget)


def _note(session: Session, deployment_id: int, at: datetime) -> None:
    session.info.setdefault(CHANGED, {})[deployment_id] = at


def _settle(session: Session) -> None:
    changed = session.info.pop(CHANGED, None)
    if not changed:
        return
    deployed = select(Deployment.person_id).where(Deployment.id.in_(changed))
    # Whoever was taken off a deployment is found by what it had given them.
    given = select(Assignment.person_id).where(
        Assignment.deployment_id.in_(changed), assigning.by_rule()
    )
    people = {each for each in session.scalars(deployed.union(given)) if each is not None}
    settled = assigning.settle(session, people, at=max(changed.values()))
    if settled.made:
        db.after_commit(session, partial(jobs.wake, "mail"))


def _forget(session: Session) -> None:
    session.info.pop(CHANGED, None)


def _completed(session: Session, completion_id: int, at: datetime) -> None:  # noqa: ARG001
    # Whoever hands in holds their assignment, and a person is locked before those: the worker
    # does it just after.
    if rounds.ask_for_holder(session, completion_id):
        db.after_commit(session, partial(jobs.wake, JOB))


def run() -> None:
    """Look at everybody once a day, and at whoever waits for it."""
    now = clock.now()
    if upkeep.due(db.session(), JOB, EVERY, at=now):
        with db.transaction() as session:
            rounds.ask_for_all(session)
            upkeep.note(session, JOB, at=now)
    more = True
    while more:
        with db.transaction() as session:
            more = rounds.step(session, at=clock.now())
