"""Beginning an attempt: once, only when everything is read, and three times at most."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.catalogue.services import published
from modules.learning.models import Reading
from quizzes.attempts import services
from quizzes.attempts.drawing import Drawn, draw
from quizzes.attempts.models import Attempt, Item, Status
from quizzes.attempts.services import AttemptsUsed, NotOpen
from quizzes.bank.models import QuestionVersion
from quizzes.bank.services import bank_of
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import alone, together
from training.accounts.models import Person
from training.errors import NotFound

QUESTIONS = 10


def press(tab: Browser, path: str) -> str:
    """Press the button of a page and return where it leads."""
    return tab.post(path).location or ""


def fail(app: Flask, make: Factory, assignment: Assignment) -> Attempt:
    """Hand in an empty attempt."""
    attempt = make.attempt(assignment)
    with app.app_context():
        return make.submit(attempt, assignment.person_id)


def begin(engine: Engine, person_id: int, assignment: Assignment) -> int:
    """Begin an attempt in a transaction of its own and return its id."""
    start = services.start
    return alone(engine, lambda session: start(session, person_id, assignment.id, at=NOW).id)


def test_starting_again_goes_on_with_the_attempt_under_way(
    make: Factory, assignment: Assignment
) -> None:
    assert make.attempt(assignment).id == make.attempt(assignment).id
    assert len(make.rows(select(Item))) == QUESTIONS


def test_eight_starts_at_once_make_one_attempt(
    make: Factory, assignment: Assignment, engine: Engine
) -> None:
    ids = together([lambda: begin(engine, assignment.person_id, assignment)] * 8)
    assert len(set(ids)) == 1
    assert len(make.rows(select(Attempt))) == 1
    assert len(make.rows(select(Item))) == QUESTIONS


def test_two_tabs_that_press_start_are_in_the_same_attempt(
    browser: Browsers, make: Factory, assignment: Assignment, person: Person
) -> None:
    tabs = [browser(person) for _ in range(8)]
    path = f"/learn/{assignment.id}/test"
    answers = together([partial(press, tab, path) for tab in tabs])
    assert set(answers) == {f"/attempts/{make.rows(select(Attempt))[0].id}"}
    assert tabs[0].get(path, expect=302).location == answers[0]


def test_a_fourth_attempt_is_refused(
    app: Flask, make: Factory, assignment: Assignment, engine: Engine, browser: Browsers
) -> None:
    numbers = [fail(app, make, assignment).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    with pytest.raises(AttemptsUsed):
        begin(engine, assignment.person_id, assignment)
    person = make.rows(select(Person))[0]
    page = browser(person)
    shown = page.get(f"/learn/{assignment.id}/test").text
    assert "You have used your attempts. Talk to your mission trainer." in shown
    assert "Start the test" not in shown
    page.post(f"/learn/{assignment.id}/test", expect=409)
    assert len(make.rows(select(Attempt))) == 3


def test_eight_starts_at_once_cannot_buy_a_fourth_attempt(
    app: Flask, make: Factory, assignment: Assignment, engine: Engine
) -> None:
    fail(app, make, assignment)
    fail(app, make, assignment)
    together([lambda: begin(engine, assignment.person_id, assignment)] * 8)
    assert [a.number for a in make.rows(select(Attempt).order_by(Attempt.number))] == [1, 2, 3]


def test_the_test_opens_when_the_last_lesson_is_ticked(
    make: Factory,
    assignment: Assignment,
    session: Session,
    engine: Engine,
    browser: Browsers,
    person: Person,
) -> None:
    last = make.rows(select(Reading))[-1]
    session.delete(last)
    session.commit()
    with pytest.raises(NotOpen):
        begin(engine, assignment.person_id, assignment)
    page = browser(person)
    assert "First read these lessons" in page.get(f"/learn/{assignment.id}/test").text
    page.post(f"/learn/{assignment.id}/test", expect=409)
    assert make.rows(select(Attempt)) == []


def test_a_passed_test_is_not_begun_again(
    app: Flask, make: Factory, assignment: Assignment, engine: Engine, browser: Browsers
) -> None:
    attempt = make.attempt(assignment)
    make.answer(attempt, assignment.person_id)
    with app.app_context():
        assert make.submit(attempt, assignment.person_id).status is Status.PASSED
    with pytest.raises(NotOpen):
        begin(engine, assignment.person_id, assignment)
    page = browser(make.rows(select(Person))[0])
    assert "You have passed this test already" in page.get(f"/learn/{assignment.id}/test").text
    page.post(f"/learn/{assignment.id}/test", expect=409)


def test_nobody_begins_the_test_of_somebody_else(
    make: Factory, assignment: Assignment, engine: Engine, browser: Browsers
) -> None:
    stranger = make.person()
    with pytest.raises(NotFound):
        begin(engine, stranger.id, assignment)
    page = browser(stranger)
    page.get(f"/learn/{assignment.id}/test", expect=404)
    page.post(f"/learn/{assignment.id}/test", expect=404)
    assert make.rows(select(Attempt)) == []


def test_the_test_of_a_withdrawn_course_is_not_begun(
    make: Factory,
    course: Course,
    assignment: Assignment,
    session: Session,
    engine: Engine,
    browser: Browsers,
) -> None:
    course.withdrawn_at = NOW
    session.commit()
    with pytest.raises(NotFound):
        begin(engine, assignment.person_id, assignment)
    page = browser(make.rows(select(Person))[0])
    page.get(f"/learn/{assignment.id}/test", expect=404)
    page.post(f"/learn/{assignment.id}/test", expect=404)


def test_an_attempt_under_way_is_finished_although_its_course_is_withdrawn(
    app: Flask, make: Factory, course: Course, assignment: Assignment, session: Session
) -> None:
    attempt = make.attempt(assignment)
    course.withdrawn_at = NOW
    session.commit()
    assert make.attempt(assignment).id == attempt.id
    make.answer(attempt, assignment.person_id)
    with app.app_context():
        assert make.submit(attempt, assignment.person_id).status is Status.PASSED


def test_an_attempt_under_way_is_reached_from_home_although_its_course_is_withdrawn(
    make: Factory,
    course: Course,
    assignment: Assignment,
    session: Session,
    person: Person,
    browser: Browsers,
) -> None:
    attempt = make.attempt(assignment)
    course.withdrawn_at = NOW
    session.commit()
    page = browser(person)
    home = page.get("/").text
    assert f'href="/attempts/{attempt.id}"' in home
    assert "Continue the test" in home
    assert "No training is assigned to you yet" not in home
    assert f"/learn/{assignment.id}/" not in home  # There is nothing to read any more.
    test = f"/learn/{assignment.id}/test"
    assert page.get(test, expect=302).location == f"/attempts/{attempt.id}"
    assert page.post(test).location == f"/attempts/{attempt.id}"


def test_a_withdrawn_course_without_an_attempt_under_way_is_not_on_the_first_page(
    app: Flask,
    make: Factory,
    course: Course,
    assignment: Assignment,
    session: Session,
    person: Person,
    browser: Browsers,
) -> None:
    for _ in range(3):
        fail(app, make, assignment)
    course.withdrawn_at = NOW
    session.commit()
    assert "No training is assigned to you yet" in browser(person).get("/").text


def test_the_contents_offer_the_test_only_when_it_can_begin(
    app: Flask, make: Factory, assignment: Assignment, person: Person, browser: Browsers
) -> None:
    page, offer = browser(person), "You can take the test."
    contents = f"/learn/{assignment.id}/"
    assert offer in page.get(contents).text
    attempt = make.attempt(assignment)
    shown = page.get(contents).text
    assert offer not in shown
    assert "Continue the test" in shown
    with app.app_context():
        make.submit(attempt, person.id)
    assert offer in page.get(contents).text
    for _ in range(2):
        fail(app, make, assignment)
    shown = page.get(contents).text
    assert offer not in shown
    assert "Ask my trainer to unlock" in shown


def test_the_result_of_an_earlier_attempt_leads_to_what_comes_next_now(
    app: Flask, make: Factory, assignment: Assignment, person: Person, browser: Browsers
) -> None:
    first = fail(app, make, assignment)
    page, path = browser(person), f"/attempts/{first.id}/result"
    assert "Try again" in page.get(path).text
    second = make.attempt(assignment)
    shown = page.get(path).text
    assert "Try again" not in shown
    assert f'href="/attempts/{second.id}"' in shown


def test_the_seed_that_is_kept_draws_the_questions_that_were_asked(
    make: Factory, assignment: Assignment, session: Session
) -> None:
    attempt = make.attempt(assignment)
    version = attempt.course_version_id
    objectives = published(session, version).objectives
    again = draw(bank_of(session, version), objectives, {}, attempt.seed)
    items = make.rows(select(Item).order_by(Item.position))
    assert [Drawn(i.question_version_id, tuple(i.option_order)) for i in items] == again
    assert [i.position for i in items] == list(range(1, QUESTIONS + 1))


def test_a_second_attempt_asks_what_the_first_did_not(
    app: Flask, make: Factory, assignment: Assignment
) -> None:
    for _ in range(2):
        fail(app, make, assignment)
    asked = make.rows(
        select(QuestionVersion.question_id).join(Item).where(Item.round == 0).order_by(Item.id)
    )
    assert not set(asked[:QUESTIONS]) & set(asked[QUESTIONS:])
