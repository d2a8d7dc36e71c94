"""A version published while somebody takes the test does not change what they take."""

from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Lesson
from modules.learning.models import Completion, Reading
from modules.learning.services import tick
from quizzes.attempts import services
from quizzes.attempts.models import Attempt, Item, Status
from quizzes.attempts.services import NotOpen
from quizzes.bank.models import QuestionVersion
from tests.conftest import Browsers
from tests.editions import MARK, publish_edition
from tests.factories import NOW, Factory
from tests.races import alone
from training.accounts.models import Person


def test_an_attempt_keeps_the_words_it_began_with(
    app: Flask,
    make: Factory,
    assignment: Assignment,
    person: Person,
    browser: Browsers,
    tmp_path: Path,
) -> None:
    first = make.attempt(assignment)
    publish_edition(app, tmp_path / "curriculum", "0.1.1", reworded=True)
    page = browser(person)
    path = page.get(f"/attempts/{first.id}", expect=302).location
    assert MARK not in page.get(path).text
    with app.app_context():
        make.submit(first, person.id)
    assert MARK not in page.get(f"/attempts/{first.id}/result").text
    # Wording only: what was read stays read, so the next attempt begins at once, in new words.
    second = make.attempt(assignment)
    assert second.course_version_id != first.course_version_id
    assert MARK in page.get(f"/attempts/{second.id}/0/1").text


def test_a_question_in_new_words_counts_as_seen(
    app: Flask, make: Factory, assignment: Assignment, person: Person, tmp_path: Path
) -> None:
    first = make.attempt(assignment)
    with app.app_context():
        make.submit(first, person.id)
    publish_edition(app, tmp_path / "curriculum", "0.1.1", reworded=True)
    second = make.attempt(assignment)
    query = select(QuestionVersion.question_id).join(Item)
    asked = [set(make.rows(query.where(Item.attempt_id == a.id))) for a in (first, second)]
    assert not asked[0] & asked[1]


def test_an_attempt_keeps_the_pass_mark_it_began_with(
    app: Flask,
    make: Factory,
    assignment: Assignment,
    person: Person,
    browser: Browsers,
    tmp_path: Path,
) -> None:
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong=2)
    publish_edition(app, tmp_path / "curriculum", "0.2.0", pass_mark=90)
    page = browser(person)
    page.post(f"/attempts/{attempt.id}/0/submit")
    assert "80 % right" in page.get(f"/attempts/{attempt.id}/result").text
    assert make.rows(select(Attempt))[0].status is Status.PASSED
    completion = make.rows(select(Completion))[0]
    assert completion.course_version_id == attempt.course_version_id
    assert make.rows(select(Certificate))[0].version == "0.1.0"


def test_a_further_attempt_asks_for_the_new_content_and_has_the_new_mark(
    app: Flask,
    make: Factory,
    assignment: Assignment,
    person: Person,
    engine: Engine,
    tmp_path: Path,
) -> None:
    first = make.attempt(assignment)
    with app.app_context():
        make.submit(first, person.id)
    publish_edition(app, tmp_path / "curriculum", "0.2.0", pass_mark=90)
    with pytest.raises(NotOpen):
        alone(engine, lambda s: services.start(s, person.id, assignment.id, at=NOW))
    seen = make.rows(select(Reading.lesson_id))
    for lesson_id in make.rows(select(Lesson.id).where(Lesson.id.not_in(seen))):
        alone(engine, partial(tick, assignment_id=assignment.id, lesson_id=lesson_id, at=NOW))
    assert make.attempt(assignment).pass_mark == 90
    assert first.pass_mark == 80
