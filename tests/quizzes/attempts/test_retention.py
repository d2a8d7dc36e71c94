"""How long answers are kept."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from quizzes.attempts import retention
from quizzes.attempts.models import Attempt, Grade, Response
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from training import clock
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent

QUESTIONS = 10


@pytest.fixture
def person(make: Factory) -> Person:
    """Return somebody who takes the test."""
    return make.person()


@pytest.fixture
def finished(
    app: Flask, make: Factory, course: Course, session: Session, person: Person
) -> Attempt:
    """Return an attempt in which every answer was given twice."""
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    with app.app_context():
        attempt = make.attempt(assignment)
        make.answer(attempt, person.id, wrong=1)
        make.answer(attempt, person.id, at=NOW + timedelta(minutes=1))
        make.submit(attempt, person.id)
    return attempt


def kept(session: Session) -> int:
    """Return how many answers there are."""
    number = session.scalar(select(func.count(Response.id)))
    session.commit()
    return number or 0


def forget(session: Session, organisation_id: int, at: datetime) -> None:
    """Delete what is kept no longer."""
    while retention.forget(session, organisation_id, at=at):
        pass
    session.commit()


def test_a_superseded_answer_goes_after_ninety_days_and_the_final_one_stays(
    finished: Attempt, person: Person, session: Session
) -> None:
    before = kept(session)
    assert before > QUESTIONS
    forget(session, person.organisation_id, NOW + timedelta(days=90))
    assert kept(session) == before
    forget(session, person.organisation_id, NOW + timedelta(days=90, seconds=1))
    assert kept(session) == QUESTIONS


def test_every_answer_goes_after_two_years_and_the_grade_stays(
    finished: Attempt, person: Person, session: Session, browser: Browsers
) -> None:
    forget(session, person.organisation_id, datetime(2028, 11, 24, 12, 0, tzinfo=UTC))
    assert kept(session) == QUESTIONS
    forget(session, person.organisation_id, datetime(2028, 11, 24, 12, 1, tzinfo=UTC))
    assert kept(session) == 0
    grade = session.scalars(select(Grade)).one()
    session.commit()
    assert grade.passed
    shown = browser(person).get(f"/attempts/{finished.id}/result").text
    assert "not kept any longer" in shown
    assert "10 of 10" in shown


def test_each_organisation_chooses_how_long(
    finished: Attempt, person: Person, session: Session
) -> None:
    organisation = session.get_one(Organisation, person.organisation_id)
    organisation.keep_superseded_days, organisation.keep_answers_months = 10, 1
    session.commit()
    forget(session, organisation.id, NOW + timedelta(days=11))
    assert kept(session) == QUESTIONS
    forget(session, organisation.id, NOW + timedelta(days=31))
    assert kept(session) == 0


def test_another_organisations_answers_stay(
    finished: Attempt, make: Factory, session: Session
) -> None:
    before = kept(session)
    forget(session, make.organisation().id, NOW + timedelta(days=4000))
    assert kept(session) == before


def test_an_attempt_under_way_keeps_every_answer(
    app: Flask, make: Factory, course: Course, session: Session, person: Person
) -> None:
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id)
    forget(session, person.organisation_id, NOW + timedelta(days=4000))
    assert kept(session) == QUESTIONS


def test_what_was_deleted_is_written_down_with_its_numbers(
    finished: Attempt, person: Person, session: Session, make: Factory
) -> None:
    changed = kept(session) - QUESTIONS
    forget(session, person.organisation_id, NOW + timedelta(days=4000))
    rows = make.rows(select(AuditEvent).where(AuditEvent.action == "answers.deleted"))
    assert sum(r.detail["superseded"] for r in rows) == changed
    assert sum(r.detail["answers"] for r in rows) == QUESTIONS


def test_the_worker_does_it_once_a_day_in_batches(
    app: Flask, finished: Attempt, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    late = NOW + timedelta(days=4000)
    monkeypatch.setattr(clock, "now", lambda: late)
    with app.app_context():
        retention.run()
    assert kept(session) == 0
    session.add(Response(item_id=session.scalars(select(Response.item_id)).first() or 1,
                         chosen=[], saved_at=NOW))  # fmt: skip
    session.commit()
    with app.app_context():
        retention.run()
    assert kept(session) == 1
    monkeypatch.setattr(clock, "now", lambda: late + timedelta(hours=24))
    with app.app_context():
        retention.run()
    assert kept(session) == 0
