"""Taking the test: on another device, in another language, question by question."""

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import Engine

from modules.assignments.models import Assignment
from quizzes.attempts import sheets
from quizzes.attempts.models import Attempt
from quizzes.attempts.sheets import Answered
from tests.conftest import Browsers
from tests.factories import Factory
from tests.races import alone
from training.accounts.models import Person


@pytest.fixture
def attempt(make: Factory, assignment: Assignment) -> Attempt:
    """Return an attempt under way."""
    return make.attempt(assignment)


def questions(engine: Engine, attempt: Attempt, person: Person) -> list[Answered]:
    """Return the questions with the answers that stand."""
    return alone(engine, lambda session: sheets.sheet(session, person.id, attempt.id)).current


def test_another_device_opens_the_first_question_without_an_answer(
    browser: Browsers, attempt: Attempt, person: Person
) -> None:
    phone = browser(person)
    for position in (1, 2, 4):
        phone.post(f"/attempts/{attempt.id}/0/{position}", {"choice": "a"})
    phone.post(f"/attempts/{attempt.id}/0/5")  # Left blank.
    desk = browser(person)
    assert "Continue the test" in desk.get("/").text
    where = desk.get(f"/attempts/{attempt.id}", expect=302).location
    assert where == f"/attempts/{attempt.id}/0/3"
    desk.post(where, {"choice": "b"})
    assert phone.get(f"/attempts/{attempt.id}", expect=302).location.endswith("/0/5")
    assert " checked" in phone.get(f"/attempts/{attempt.id}/0/3").text


def test_with_every_question_answered_it_goes_on_at_the_overview(
    browser: Browsers, make: Factory, attempt: Attempt, person: Person
) -> None:
    make.answer(attempt, person.id)
    where = browser(person).get(f"/attempts/{attempt.id}", expect=302).location
    assert where == f"/attempts/{attempt.id}/0/overview"


def test_the_overview_counts_what_is_open(
    browser: Browsers, attempt: Attempt, person: Person
) -> None:
    page = browser(person)
    for position in range(1, 10):
        page.post(f"/attempts/{attempt.id}/0/{position}", {"choice": "a"})
    shown = page.get(f"/attempts/{attempt.id}/0/overview").text
    assert "1 question is still open" in shown


def test_each_question_switches_language_and_keeps_its_answer(
    browser: Browsers, engine: Engine, attempt: Attempt, person: Person
) -> None:
    page = browser(person)
    asked = questions(engine, attempt, person)[0].question
    path = f"/attempts/{attempt.id}/0/1"
    page.post(path, {"choice": "a"})
    for language in ("en", "nl", "en"):
        shown = page.get(f"{path}?in={language}")
        assert f'<fieldset lang="{language}"' in shown.text
        assert f"<legend>{escape(asked.text[language])}</legend>" in shown.text
        assert 'value="a" checked' in shown.text
    # The next question is in the language that was chosen on this one.
    onward = page.post(f"{path}?in=nl", {"choice": "a", "go": "next"}).location
    assert onward == f"/attempts/{attempt.id}/0/2?in=nl"
    assert '<fieldset lang="nl"' in page.get(onward).text
    assert questions(engine, attempt, person)[0].chosen == ("a",)


def test_changing_the_language_of_the_page_keeps_the_answers(
    browser: Browsers, engine: Engine, attempt: Attempt, person: Person
) -> None:
    page = browser(person)
    path = f"/attempts/{attempt.id}/0/1"
    page.post(path, {"choice": "a"})
    assert page.post("/language", {"language": "nl", "next": path}).location == path
    shown = page.get(path).text
    assert '<html lang="nl"' in shown
    assert 'value="a" checked' in shown
    assert questions(engine, attempt, person)[0].chosen == ("a",)


@pytest.mark.parametrize("wanted", ["fr", "xx", "", "nl%00", "e" * 5000])
def test_a_language_the_course_is_not_in_shows_the_language_of_the_page(
    browser: Browsers, attempt: Attempt, person: Person, wanted: str
) -> None:
    page = browser(person)
    answer = page.client.get(
        f"/attempts/{attempt.id}/0/1?in={wanted}", base_url="https://localhost"
    )
    assert answer.status_code in {200, 400, 404, 414}
    assert answer.status_code != 200 or '<fieldset lang="en"' in answer.text


def test_the_result_says_what_to_read_again_and_shows_the_feedback(
    app: Flask,
    browser: Browsers,
    make: Factory,
    engine: Engine,
    attempt: Attempt,
    person: Person,
    assignment: Assignment,
) -> None:
    make.answer(attempt, person.id, wrong=3)
    with app.app_context():
        make.submit(attempt, person.id)
    shown = browser(person).get(f"/attempts/{attempt.id}/result").text
    assert "Not passed yet" in shown
    assert "7 of 10" in shown
    assert f'href="/learn/{assignment.id}/test"' in shown
    wrong = [a for a in questions(engine, attempt, person) if not a.answer.is_right]
    for answered in wrong:
        option = next(o for o in answered.question.options if o["key"] in answered.chosen)
        assert escape(option["feedback"]["en"]) in shown
    assert shown.count(f'href="/learn/{assignment.id}/lessons/') >= len(
        {a.question.objective for a in wrong}
    )


@pytest.mark.parametrize("wrong", [0, 1])
def test_the_result_names_no_lesson_to_read_again_on_what_was_understood(
    app: Flask,
    browser: Browsers,
    make: Factory,
    engine: Engine,
    attempt: Attempt,
    person: Person,
    wrong: int,
) -> None:
    make.answer(attempt, person.id, wrong=wrong)
    with app.app_context():
        make.submit(attempt, person.id)
    asked = questions(engine, attempt, person)
    missed = {a.question.objective for a in asked if not a.answer.is_right}
    whole = alone(engine, lambda session: sheets.sheet(session, person.id, attempt.id))
    shown = browser(person).get(f"/attempts/{attempt.id}/result").text
    for lesson in whole.course.lessons:
        assert (f'/{lesson.slug}"' in shown) == bool(missed & set(lesson.objectives))


def test_the_result_of_an_open_attempt_is_not_shown(
    browser: Browsers, attempt: Attempt, person: Person
) -> None:
    answer = browser(person).get(f"/attempts/{attempt.id}/result", expect=302)
    assert answer.location == f"/attempts/{attempt.id}"
