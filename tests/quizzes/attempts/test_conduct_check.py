"""The conduct check: the lessons again, then critical questions only, twice at most."""

import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from modules.assignments.models import Assignment
from modules.learning.models import Completion
from quizzes.attempts import services, sheets
from quizzes.attempts.models import Attempt, Grade, Item, Reread, Status
from quizzes.bank.models import QuestionVersion
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.races import alone, at_once
from training.accounts.models import Person
from training.errors import NotFound

CRITICAL = 4
CHECK = Status.CONDUCT_CHECK


@pytest.fixture
def attempt(app: Flask, make: Factory, assignment: Assignment) -> Attempt:
    """Return an attempt at 80 % with two critical questions missed."""
    return to_the_check(app, make, assignment, missed=2)


def to_the_check(app: Flask, make: Factory, assignment: Assignment, *, missed: int) -> Attempt:
    """Begin an attempt, miss critical questions only, hand it in, and return it."""
    attempt = make.attempt(assignment)
    make.answer(attempt, assignment.person_id, wrong_critical=missed)
    with app.app_context():
        make.submit(attempt, assignment.person_id)
    assert attempt.status is CHECK
    return attempt


def check(app: Flask, make: Factory, attempt: Attempt, person: Person, *, missed: int) -> Status:
    """Read again, answer the next check, hand it in, and return where the attempt stands."""
    make.read_again(attempt, person.id)
    assert attempt.status is Status.OPEN
    make.answer(attempt, person.id, wrong_critical=missed)
    with app.app_context():
        return make.submit(attempt, person.id).status


@pytest.mark.parametrize(
    ("missed", "course_of_events", "completions"),
    [
        ([0], [Status.PASSED], 1),
        ([1, 0], [CHECK, Status.PASSED], 1),
        ([1, 1], [CHECK, Status.FAILED], 0),
        ([4, 4], [CHECK, Status.FAILED], 0),
    ],
)
def test_a_conduct_check_leads_to_a_pass_or_after_two_to_a_failed_attempt(
    app: Flask,
    make: Factory,
    attempt: Attempt,
    person: Person,
    assignment: Assignment,
    missed: list[int],
    course_of_events: list[Status],
    completions: int,
) -> None:
    went = [check(app, make, attempt, person, missed=number) for number in missed]
    assert went == course_of_events
    assert len(make.rows(select(Completion))) == completions
    grades = make.rows(select(Grade).order_by(Grade.round))
    assert [g.maximum for g in grades] == [10] + [CRITICAL] * len(missed)
    assert [g.critical_missed for g in grades] == [2, *missed]
    assert (attempt.finished_at is None) is (went[-1] is CHECK)
    if not completions:
        assert make.attempt(assignment).number == 2


def test_below_the_mark_there_is_no_conduct_check(
    app: Flask, make: Factory, assignment: Assignment, person: Person
) -> None:
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong=2, wrong_critical=1)
    with app.app_context():
        assert make.submit(attempt, person.id).status is Status.FAILED


@pytest.mark.parametrize("failed_before", [0, 1, 2])
def test_the_checks_ask_critical_questions_that_were_not_seen_before(
    app: Flask, make: Factory, assignment: Assignment, person: Person, failed_before: int
) -> None:
    for _ in range(failed_before):
        earlier = to_the_check(app, make, assignment, missed=2)
        assert check(app, make, earlier, person, missed=1) is CHECK
        assert check(app, make, earlier, person, missed=1) is Status.FAILED
    attempt = to_the_check(app, make, assignment, missed=2)
    check(app, make, attempt, person, missed=1)
    check(app, make, attempt, person, missed=0)
    query = select(QuestionVersion).join(Item).where(Item.attempt_id == attempt.id)
    asked = {round_: make.rows(query.where(Item.round == round_)) for round_ in range(3)}
    assert [len(asked[round_]) for round_ in range(3)] == [10, CRITICAL, CRITICAL]
    assert all(question.critical for round_ in (1, 2) for question in asked[round_])
    times = Counter(question.id for questions in asked.values() for question in questions)
    assert set(times.values()) == {1}


def test_the_check_begins_when_the_last_lesson_was_read_again(
    engine: Engine, make: Factory, attempt: Attempt, person: Person
) -> None:
    whole = alone(engine, lambda session: sheets.sheet(session, person.id, attempt.id))
    lessons = sheets.lessons_again(whole)
    missed = {a.question.objective for a in whole.of_round(0) if not a.answer.is_right}
    assert missed <= {code for lesson in lessons for code in lesson.objectives}
    assert len(lessons) <= len(missed)
    for lesson_id in (lesson.id for lesson in lessons):
        now = make.rows(select(Attempt))[0]
        assert (now.status, now.round) == (CHECK, 0)
        for _ in range(2):  # A second tick of the same lesson changes nothing.
            alone(
                engine,
                lambda session, it=lesson_id: services.read_again(  # type: ignore[misc]
                    session, person.id, attempt.id, it, at=NOW
                ),
            )
    now = make.rows(select(Attempt))[0]
    assert (now.status, now.round) == (Status.OPEN, 1)
    assert len(make.rows(select(Reread))) == len(lessons)


def test_eight_ticks_at_once_draw_one_check(
    engine: Engine, make: Factory, attempt: Attempt, person: Person
) -> None:
    whole = alone(engine, lambda session: sheets.sheet(session, person.id, attempt.id))
    wanted = [lesson.id for lesson in sheets.lessons_again(whole)]
    at_once(
        engine,
        lambda session, number: (
            services.read_again(
                session, person.id, attempt.id, wanted[number % len(wanted)], at=NOW
            ).id
        ),
    )
    assert len(make.rows(select(Item).where(Item.round == 1))) == CRITICAL
    assert make.rows(select(Attempt))[0].round == 1


def test_only_the_lessons_behind_what_was_missed_are_read_again(
    engine: Engine, make: Factory, attempt: Attempt, person: Person, browser: Browsers
) -> None:
    with pytest.raises(NotFound):
        alone(
            engine,
            lambda session: services.read_again(session, person.id, attempt.id, 9999, at=NOW),
        )
    browser(person).post(f"/attempts/{attempt.id}/conduct-check/9999", expect=404)
    assert make.rows(select(Reread)) == []


def test_pressing_start_during_a_conduct_check_goes_on_with_it(
    make: Factory, attempt: Attempt, assignment: Assignment, person: Person, browser: Browsers
) -> None:
    page = browser(person)
    answer = page.post(f"/learn/{assignment.id}/test")
    assert answer.location == f"/attempts/{attempt.id}/conduct-check"
    assert page.get(f"/attempts/{attempt.id}", expect=302).location == answer.location
    assert page.get(f"/attempts/{attempt.id}/0/1", expect=302).location == answer.location
    assert len(make.rows(select(Attempt))) == 1


def test_the_whole_conduct_check_through_the_pages(
    make: Factory, attempt: Attempt, person: Person, browser: Browsers
) -> None:
    page = browser(person)
    assert "Read the lesson again" in page.get("/").text
    result = page.get(f"/attempts/{attempt.id}/result").text
    assert "One more step: the conduct check" in result
    path = f"/attempts/{attempt.id}/conduct-check"
    for _ in range(CRITICAL + 1):
        shown = page.get(path)
        tick = re.search(rf'action="({path}/\d+)"', shown.text)
        assert tick
        path = page.post(tick[1]).location
        if not path.endswith("conduct-check"):
            break
    assert page.get(path, expect=302).location == f"/attempts/{attempt.id}/1/1"
    assert "Conduct check" in page.get(f"/attempts/{attempt.id}/1/1").text
    make.rows(select(Attempt))
    make.answer(attempt, person.id)
    assert "Every question has an answer" in page.get(f"/attempts/{attempt.id}/1/overview").text
    location = page.post(f"/attempts/{attempt.id}/1/submit").location
    assert "Passed" in page.get(location).text
    assert len(make.rows(select(Completion))) == 1


def test_the_result_of_a_check_says_what_it_asks_and_keeps_what_the_test_showed(
    app: Flask, make: Factory, attempt: Attempt, person: Person, browser: Browsers
) -> None:
    path = f"/attempts/{attempt.id}/result"
    page = browser(person)
    assert "80 % right" in page.get(path).text
    for missed in (1, 0):
        check(app, make, attempt, person, missed=missed)
        shown = page.get(path).text
        assert f"{CRITICAL - missed} of {CRITICAL}" in shown
        assert "Every answer right" in shown
        assert "80 % right" not in shown
        assert shown.index("Conduct check: what you understood") < shown.index(
            "Final test: what you understood"
        )
        assert shown.count('<details class="answer">') == CRITICAL + 10
    assert "Passed" in shown
