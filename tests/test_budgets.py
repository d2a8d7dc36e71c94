"""How many statements the pages of learners and the list of assignments may take."""

import pytest
from flask import Flask

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Person

LEARNER, LIST = 5, 7
ROWS = [1, 300]
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
SCRIPT = {"Accept": "application/json"}


class Counter:
    """Counts the statements of a request that is made for the second time."""

    def __init__(self, statements: list[str]) -> None:
        self.statements = statements

    def of(self, page: Browser, path: str) -> list[str]:
        """Return the statements of opening a page whose content is in the cache."""
        page.get(path)
        del self.statements[:]
        page.get(path)
        return self.asked()

    def asked(self) -> list[str]:
        """Return the statements since the list was emptied."""
        return [s for s in self.statements if not s.startswith(TRANSACTION)]


@pytest.fixture
def counter(statements: list[str]) -> Counter:
    """Return what counts."""
    return Counter(statements)


@pytest.fixture
def person(make: Factory) -> Person:
    """Return a learner who goes on a mission."""
    person = make.person()
    make.deployment(person, make.mission())
    return person


def assigned(make: Factory, course: Course, person: Person, rows: int) -> Assignment:
    """Return the last of so many cycles, each with everything read."""
    make.session.add_all(
        Assignment(
            person_id=person.id, course_id=course.id, cycle=cycle, assigned_at=NOW, completed_at=NOW
        )
        for cycle in range(1, rows)
    )
    make.session.commit()
    last = make.assignment(person, course, cycle=rows, due_on=TODAY)
    make.read_all(last)
    return last


@pytest.mark.parametrize("rows", ROWS)
def test_pages_of_reading_stay_within_their_budget(
    make: Factory, browser: Browsers, course: Course, person: Person, counter: Counter, rows: int
) -> None:
    last = assigned(make, course, person, rows)
    page = browser(person)
    for path in (
        "/",
        f"/learn/{last.id}/",
        f"/learn/{last.id}/lessons/conduct/report-and-protect",
        f"/learn/{last.id}/test",
    ):
        asked = counter.of(page, path)
        assert len(asked) <= LEARNER, (path, asked)


@pytest.mark.parametrize("rows", ROWS)
def test_pages_of_the_test_stay_within_their_budget(
    app: Flask,
    make: Factory,
    browser: Browsers,
    course: Course,
    person: Person,
    counter: Counter,
    rows: int,
) -> None:
    attempt = make.attempt(assigned(make, course, person, rows))
    page = browser(person)
    for _ in range(rows - 1 if rows < 20 else 20):
        page.post(f"/attempts/{attempt.id}/0/1", {"choice": "a"})
        page.post(f"/attempts/{attempt.id}/0/1", {"choice": "b"})
    make.answer(attempt, person.id, wrong_critical=1)
    for path in (f"/attempts/{attempt.id}/0/1", f"/attempts/{attempt.id}/0/overview"):
        asked = counter.of(page, path)
        assert len(asked) <= LEARNER, (path, asked)
    with app.app_context():
        make.submit(attempt, person.id)
    for path in (f"/attempts/{attempt.id}/result", f"/attempts/{attempt.id}/conduct-check"):
        asked = counter.of(page, path)
        assert len(asked) <= LEARNER, (path, asked)


def test_the_result_of_a_pass_stays_within_its_budget(
    make: Factory, browser: Browsers, course: Course, person: Person, counter: Counter
) -> None:
    attempt = make.attempt(assigned(make, course, person, 1))
    make.answer(attempt, person.id)
    page = browser(person)
    result = page.post(f"/attempts/{attempt.id}/0/submit").location
    asked = counter.of(page, result)
    assert len(asked) <= LEARNER, asked
    home = counter.of(page, "/")
    assert len(home) <= LEARNER, home


def test_one_saved_answer_stays_within_its_budget(
    make: Factory, browser: Browsers, course: Course, person: Person, counter: Counter
) -> None:
    attempt = make.attempt(assigned(make, course, person, 1))
    page = browser(person)
    path = f"/attempts/{attempt.id}/0/1"
    page.post(path, {"choice": "a"}, expect=200, headers=SCRIPT)
    del counter.statements[:]
    page.post(path, {"choice": "b"}, expect=200, headers=SCRIPT)
    asked = counter.asked()
    assert len(asked) <= LEARNER, asked
    assert sum(statement.startswith("INSERT") for statement in asked) == 1
