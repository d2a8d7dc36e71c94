"""The record of what was done by whom, and the chain of seals over it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from training import audit, db, jobs
from training.audit import AuditEvent, AuditSeal
from training.permissions import Role


def record(session: Session, number: int, **detail: object) -> None:
    """Write some event."""
    audit.record(session, "thing.done", "thing", number, actor_id=7, at=NOW, **detail)


@pytest.fixture
def sealed(session: Session) -> Session:
    """Return a session of a database with three seals over two events each."""
    for number in range(6):
        record(session, number, fields=["é", number])
        if number % 2:
            audit.seal(session, at=NOW + timedelta(minutes=number))
    session.commit()
    return session


def test_an_event_is_written_with_its_change_or_not_at_all(app: Flask, session: Session) -> None:
    def fail() -> None:
        with db.transaction() as current:
            record(current, 1)
            current.flush()
            raise LookupError

    with app.app_context(), pytest.raises(LookupError):
        fail()
    assert session.scalars(select(AuditEvent)).first() is None


def test_seals_form_a_chain_over_every_event(sealed: Session) -> None:
    assert audit.broken_seals(sealed) == []
    numbers = sealed.scalars(select(AuditSeal.number).order_by(AuditSeal.number)).all()
    assert numbers == [1, 2, 3]
    assert len(set(sealed.scalars(select(AuditSeal.digest)))) == 3
    covered = sealed.scalars(select(AuditEvent.seal_number).order_by(AuditEvent.id)).all()
    assert covered == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    "values",
    [
        {"actor_id": 8},
        {"action": "thing.undone"},
        {"subject_id": 99},
        {"detail": {"fields": ["e", 2]}},
        {"at": NOW + timedelta(microseconds=1)},
        {"seal_number": 1},
        {"seal_number": None},
    ],
)
def test_a_changed_event_is_found(values: dict[str, object], sealed: Session) -> None:
    third = sealed.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all()[2]
    sealed.execute(update(AuditEvent).where(AuditEvent.id == third).values(values))
    broken = audit.broken_seals(sealed)
    assert "The audit events under seal 2 have been changed." in broken


def test_a_deleted_event_and_an_inserted_one_are_found(sealed: Session) -> None:
    ids = sealed.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all()
    sealed.execute(delete(AuditEvent).where(AuditEvent.id == ids[0]))
    assert len(audit.broken_seals(sealed)) == 1
    record(sealed, 50)
    sealed.flush()
    late = sealed.scalars(select(AuditEvent.id).order_by(AuditEvent.id.desc())).first()
    sealed.execute(update(AuditEvent).where(AuditEvent.id == late).values(seal_number=3))
    assert len(audit.broken_seals(sealed)) == 2


def test_a_seal_made_anew_over_changed_events_breaks_the_seal_after_it(sealed: Session) -> None:
    first = sealed.scalars(select(AuditEvent).where(AuditEvent.seal_number == 1)).all()
    first[0].actor_id = 8
    sealed.flush()
    sealed.get_one(AuditSeal, 1).digest = audit._digest("", first)
    assert audit.broken_seals(sealed) == ["The audit events under seal 2 have been changed."]


def test_sealing_again_without_new_events_changes_nothing(sealed: Session) -> None:
    assert audit.seal(sealed, at=NOW) == 0
    assert sealed.scalar(select(func.count()).select_from(AuditSeal)) == 3


def test_events_of_a_clock_that_was_set_back_are_sealed_and_their_seals_hold(
    sealed: Session,
) -> None:
    before = NOW - timedelta(days=1)
    audit.record(sealed, "thing.done", "thing", 9, actor_id=7, at=before)
    assert audit.seal(sealed, at=before) == 1
    assert audit.broken_seals(sealed) == []


def test_the_worker_seals_in_batches_until_nothing_waits(app: Flask, session: Session) -> None:
    for number in range(audit.BATCH + 1):
        record(session, number)
    session.commit()
    with app.app_context():
        jobs.run_job("seal")
    assert session.scalar(select(func.count()).where(AuditEvent.seal_number.is_(None))) == 0
    assert session.scalars(select(AuditSeal.number).order_by(AuditSeal.number)).all() == [1, 2]
    assert audit.broken_seals(session) == []


def test_events_name_people_by_number_only(
    make: Factory, browser: Browsers, session: Session
) -> None:
    organisation = make.organisation()
    admin = make.person(Role.ADMINISTRATOR, organisation=organisation)
    person = make.person(organisation=organisation)
    values = {"printed_name": "Very Private", "user_name": "private", "category": "police"}
    values |= {"personnel_number": "SECRET-1", "language": "nl", "unit_id": "0"}
    page = browser(admin)
    page.post(f"/people/{person.id}/edit", values)
    page.post(f"/people/{person.id}/start-code", expect=200)
    events = session.scalars(select(AuditEvent)).all()
    written = " ".join(f"{e.action} {e.subject} {e.detail}" for e in events).lower()
    assert len(events) == 2
    assert "very" not in written
    assert "secret" not in written
