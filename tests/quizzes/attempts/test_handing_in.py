"""Handing in: graded once, completed in the same transaction, on the learner's own date."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.learning.models import Completion, ComponentValidity
from quizzes.attempts import checks, saving, services, sheets
from quizzes.attempts.models import Attempt, Grade, Status
from tests.conftest import Browsers
from tests.editions import publish_edition
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import alone, together
from training import signals
from training.accounts.models import Person
from training.audit import AuditEvent
from training.permissions import Grant, Role, Viewer


def outcome(make: Factory) -> dict[str, int]:
    """Return how many rows a pass has left."""
    models = (Grade, Completion, Certificate)
    return {model.__name__: len(make.rows(select(model))) for model in models}


def where_it_leads(tab: Browser, path: str, data: dict[str, str] | None = None) -> str:
    """Send a form and return where it leads."""
    return tab.post(path, data).location or ""


DUE = date(2027, 1, 15)
ONE_OF_EACH = {"Grade": 1, "Completion": 1, "Certificate": 1}


@pytest.fixture
def attempt(make: Factory, assignment: Assignment, person: Person) -> Attempt:
    """Return an attempt with every question answered rightly."""
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id)
    return attempt


def test_a_pass_is_graded_and_completed_and_certified_once(
    app: Flask, make: Factory, attempt: Attempt, person: Person, assignment: Assignment
) -> None:
    with app.app_context():
        for _ in range(3):
            assert make.submit(attempt, person.id).status is Status.PASSED
    assert outcome(make) == ONE_OF_EACH
    assert make.rows(select(Assignment))[0].completed_at == NOW
    grade = make.rows(select(Grade))[0]
    assert (grade.score, grade.maximum, grade.critical_missed, grade.passed) == (10, 10, 0, True)
    events = [event.action for event in make.rows(select(AuditEvent))]
    assert events.count("attempt.graded") == events.count("course.completed") == 1


def test_eight_at_once_hand_in_once(
    browser: Browsers, make: Factory, attempt: Attempt, person: Person
) -> None:
    tabs = [browser(person) for _ in range(8)]
    path = f"/attempts/{attempt.id}/0/submit"
    answers = together([partial(where_it_leads, tab, path) for tab in tabs])
    assert set(answers) == {f"/attempts/{attempt.id}/result"}
    assert outcome(make) == ONE_OF_EACH
    assert tabs[0].get(answers[0]).status_code == 200


def test_eight_at_once_hand_in_while_answers_are_saved(
    browser: Browsers, make: Factory, attempt: Attempt, person: Person
) -> None:
    tabs = [browser(person) for _ in range(8)]
    path = f"/attempts/{attempt.id}/0/"
    saves = [partial(where_it_leads, tab, f"{path}1", {"choice": "b"}) for tab in tabs[:4]]
    hands = [partial(where_it_leads, tab, f"{path}submit") for tab in tabs[4:]]
    assert all(together([*saves, *hands]))
    grade = make.rows(select(Grade))
    assert len(grade) == 1
    # What was graded is what stands: nothing was saved after it.
    stands = sheets.sheet(make.session, person.id, attempt.id)
    assert grade[0].score == sum(a.answer.is_right for a in stands.current)
    make.session.commit()


def test_a_due_date_is_moved_while_somebody_hands_in_and_neither_is_refused(
    app: Flask, engine: Engine, make: Factory, attempt: Attempt, person: Person, course: Course
) -> None:
    other = make.person()
    trainer = Viewer(other.id, other.organisation_id, (Grant(Role.ADMINISTRATOR, None),))
    lines = [person.user_name]

    def move(session: Session) -> list[assignments.Line]:
        return assignments.assign(session, trainer, course.id, lines, DUE, at=NOW)

    with ThreadPoolExecutor(1) as pool, app.app_context():
        with Session(engine.execution_options(write=True)) as session, session.begin():
            chosen = sheets.sheet(session, person.id, attempt.id).current[0].chosen
            saving.save(session, person.id, attempt.id, 0, 1, chosen, at=NOW)
            moved = pool.submit(alone, engine, move)
            wait([moved], timeout=0.3)  # Long enough to hold the person and want the assignment.
            services.submit(session, person.id, attempt.id, 0, today=DUE, at=NOW)
        assert moved.result()[0].ok
    assert outcome(make) == ONE_OF_EACH


def test_below_the_mark_the_attempt_fails_and_nothing_is_completed(
    app: Flask, make: Factory, assignment: Assignment, person: Person
) -> None:
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong=3)
    with app.app_context():
        assert make.submit(attempt, person.id).status is Status.FAILED
    assert attempt.finished_at == NOW
    assert outcome(make) == {"Grade": 1, "Completion": 0, "Certificate": 0}
    assert make.rows(select(Assignment))[0].completed_at is None


def test_a_round_that_is_not_the_present_one_is_not_handed_in(
    browser: Browsers, make: Factory, attempt: Attempt, person: Person
) -> None:
    browser(person).post(f"/attempts/{attempt.id}/1/submit")
    assert make.rows(select(Attempt))[0].status is Status.OPEN
    assert make.rows(select(Grade)) == []


@contextmanager
def listener_that_fails() -> Iterator[None]:
    """Let something that hears of completions fail, after the register has heard of it."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the listener failed")

    with signals.completed.connected_to(fail):
        yield


def test_when_a_listener_fails_nothing_of_the_pass_is_kept(
    browser: Browsers, make: Factory, attempt: Attempt, person: Person
) -> None:
    page = browser(person)
    path = f"/attempts/{attempt.id}/0/submit"
    with listener_that_fails():
        page.post(path, expect=500)
    assert outcome(make) == {"Grade": 0, "Completion": 0, "Certificate": 0}
    assert make.rows(select(ComponentValidity)) == []
    assert make.rows(select(Attempt))[0].status is Status.OPEN
    assert make.rows(select(Assignment))[0].completed_at is None
    actions = {event.action for event in make.rows(select(AuditEvent))}
    assert not actions & {"attempt.graded", "course.completed", "certificate.issued"}
    page.post(path)
    assert outcome(make) == ONE_OF_EACH


@pytest.mark.parametrize(
    ("zone", "achieved", "valid_until", "component"),
    [
        ("Europe/Amsterdam", date(2027, 1, 1), date(2030, 1, 1), date(2028, 1, 1)),
        ("America/New_York", date(2026, 12, 31), date(2029, 12, 31), date(2027, 12, 31)),
        ("Pacific/Kiritimati", date(2027, 1, 1), date(2030, 1, 1), date(2028, 1, 1)),
    ],
)
def test_a_course_is_achieved_on_the_date_where_the_learner_belongs(
    browser: Browsers,
    make: Factory,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    achieved: date,
    valid_until: date,
    component: date,
) -> None:
    person = make.person(organisation=make.organisation(time_zone=zone))
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id)
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("training.clock.now", lambda: late)
    browser(person).post(f"/attempts/{attempt.id}/0/submit")
    completion = make.rows(select(Completion))[0]
    assert (completion.achieved_on, completion.valid_until) == (achieved, valid_until)
    assert completion.recorded_at == late
    part = make.rows(select(ComponentValidity))[0]
    assert (part.component, part.valid_until) == ("conduct", component)
    certificate = make.rows(select(Certificate))[0]
    assert certificate.valid_from == certificate.achieved_on == achieved


def test_a_pass_that_did_not_complete_its_course_is_reported(
    app: Flask, make: Factory, attempt: Attempt, person: Person, assignment: Assignment
) -> None:
    with app.app_context():
        make.submit(attempt, person.id)
    assert checks.contradictions(make.session) == []
    assignment.completed_at = None
    make.session.commit()
    assert checks.contradictions(make.session) == [
        f"Attempt {attempt.id} is passed and its course is not completed."
    ]
    make.session.commit()


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("0.2.0", "This version is not the whole course, so it gives no certificate."),
        ("1.0.0", "No certificate yet: this content has not been approved by a gender adviser."),
    ],
)
def test_a_pass_without_a_certificate_says_why_and_promises_none(
    app: Flask,
    make: Factory,
    assignment: Assignment,
    person: Person,
    browser: Browsers,
    tmp_path: Path,
    version: str,
    reason: str,
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], demonstration=False)
    publish_edition(app, tmp_path / "curriculum", version)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id)
    page = browser(person)
    shown = page.get(page.post(f"/attempts/{attempt.id}/0/submit").location).text
    assert "Passed" in shown
    assert reason in shown
    assert "It counts from now on." not in shown
    assert reason in page.get(f"/learn/{assignment.id}/").text
    home = page.get("/").text
    assert "You finished every training that was assigned to you." in home
    assert "Your certificate is below" not in home


def test_a_clock_set_back_during_an_attempt_leaves_it_usable_and_its_answers_in_order(
    app: Flask, make: Factory, assignment: Assignment, person: Person
) -> None:
    attempt, before = make.attempt(assignment), NOW - timedelta(hours=2)
    make.answer(attempt, person.id, wrong=5)
    make.answer(attempt, person.id, at=before)
    with app.app_context():
        assert make.submit(attempt, person.id, at=before).status is Status.PASSED
    grade = make.rows(select(Grade))[0]
    assert grade.score == grade.maximum
