"""Completing a course: dates, minutes and components, and what the first page says then."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.services import latest
from modules.learning import services
from modules.learning.models import Completion, ComponentValidity, Mode
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from training.accounts.models import Person

ACHIEVED = date(2026, 2, 28)


def complete(app: Flask, session: Session, assignment: Assignment, achieved: date) -> Completion:
    """Complete the core course."""
    course = latest(session, "core")
    assert course is not None
    with app.app_context():
        completion = services.complete(session, assignment, course, achieved_on=achieved, at=NOW)
    session.commit()
    return completion


@pytest.mark.parametrize(
    ("achieved", "valid_until", "component"),
    [
        (date(2026, 2, 28), date(2029, 2, 28), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2031, 2, 28), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_completion_carries_its_dates_and_those_of_its_components(
    app: Flask,
    session: Session,
    make: Factory,
    assignment: Assignment,
    achieved: date,
    valid_until: date,
    component: date,
) -> None:
    completion = complete(app, session, assignment, achieved)
    assert (completion.achieved_on, completion.valid_until) == (achieved, valid_until)
    assert (completion.mode, completion.minutes, completion.recorded_at) == (Mode.ONLINE, 40, NOW)
    assert completion.annulled_on is None
    parts = make.rows(select(ComponentValidity))
    assert [(part.component, part.valid_until) for part in parts] == [("conduct", component)]
    assert parts[0].title["nl"] == "Gedrag: nultolerantie"
    assert make.rows(select(Assignment))[0].completed_at == NOW


def test_an_assignment_is_completed_once(
    app: Flask, session: Session, make: Factory, assignment: Assignment
) -> None:
    complete(app, session, assignment, ACHIEVED)
    with pytest.raises(IntegrityError):
        complete(app, session, assignment, ACHIEVED)
    session.rollback()
    assert len(make.rows(select(Completion))) == 1


def test_content_that_nobody_approved_gives_no_certificate_outside_the_demonstration(
    app: Flask,
    session: Session,
    make: Factory,
    browser: Browsers,
    assignment: Assignment,
    person: Person,
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], demonstration=False)
    make.read_all(assignment)
    complete(app, session, assignment, ACHIEVED)
    assert make.rows(select(Certificate)) == []
    page = browser(person)
    for path in ("/", f"/learn/{assignment.id}/"):
        # It is finished all the same: nothing asks for the test again.
        assert "Take the test" not in page.get(path).text
    assert "Finished" in page.get("/").text
    assert "You have passed the test." in page.get(f"/learn/{assignment.id}/").text


def test_a_completed_course_stays_finished_when_its_content_moves_on(
    app: Flask, session: Session, browser: Browsers, assignment: Assignment, person: Person
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], demonstration=False)
    complete(app, session, assignment, ACHIEVED)  # With nothing of the present version read.
    shown = browser(person).get("/").text
    assert "Start reading" not in shown
    assert "Finished" in shown


def test_an_assignment_closed_without_a_completion_is_reported(
    session: Session, make: Factory, assignment: Assignment
) -> None:
    assert services.contradictions(session) == []
    assignment.completed_at = NOW
    session.commit()
    wrong = f"Assignment {assignment.id} is closed without a completion."
    assert services.contradictions(session) == [wrong]
    session.commit()


def test_a_completion_whose_assignment_is_open_is_reported(
    app: Flask, session: Session, make: Factory, assignment: Assignment
) -> None:
    complete(app, session, assignment, ACHIEVED)
    assert services.contradictions(session) == []
    assignment.completed_at = None
    session.commit()
    wrong = f"Assignment {assignment.id} has a completion and is still open."
    assert services.contradictions(session) == [wrong]
    session.commit()
