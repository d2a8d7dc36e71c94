"""Taking the test first: where the course allows it, and never without the lessons on conduct."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion, MayTestFirst
from quizzes.attempts.models import Attempt
from tests.conftest import Browsers
from tests.editions import publish_edition
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Person

CONDUCT = ("power-and-consent", "the-six-rules", "report-and-protect", "command-duty")
OTHERS = ("words-that-matter", "one-village-four-views", "what-operations-got-wrong")


@pytest.fixture
def course(app: Flask, course: Course, tmp_path: Path) -> Course:
    """Return the core course with another module beside that on conduct."""
    publish_edition(app, tmp_path / "curriculum", "0.3.0", whole=True)
    return course


@pytest.fixture
def again(make: Factory, person: Person, course: Course) -> Assignment:
    """Return the assignment of somebody who takes the course for the second time."""
    return make.assignment(person, course, cycle=2)


def read_conduct(page: Browser, assignment: Assignment) -> None:
    """Tick the lessons on conduct."""
    for slug in CONDUCT:
        page.post(f"/learn/{assignment.id}/lessons/conduct/{slug}")


def begin(page: Browser, assignment: Assignment, *, allowed: bool) -> None:
    """Try to begin the test."""
    page.post(f"/learn/{assignment.id}/test", expect=303 if allowed else 409)


def test_in_a_further_cycle_the_test_may_come_first_but_not_before_conduct(
    make: Factory, page: Browser, again: Assignment
) -> None:
    contents = f"/learn/{again.id}/"
    assert f"lessons/conduct/{CONDUCT[0]}" in page.get("/").text
    assert "every lesson on conduct is ticked" in page.get(contents).text
    begin(page, again, allowed=False)
    read_conduct(page, again)
    assert f'href="/learn/{again.id}/test"' in page.get("/").text.split("button go")[1][:80]
    assert "You can take the test now" in page.get(contents).text
    begin(page, again, allowed=True)
    assert len(make.rows(select(Attempt))) == 1


def test_in_the_first_cycle_every_lesson_is_read_first(
    page: Browser, make: Factory, person: Person, course: Course
) -> None:
    first = make.assignment(person, course)
    assert f"lessons/why-gender-matters/{OTHERS[0]}" in page.get("/").text
    read_conduct(page, first)
    begin(page, first, allowed=False)
    for slug in OTHERS:
        page.post(f"/learn/{first.id}/lessons/why-gender-matters/{slug}")
    begin(page, first, allowed=True)


@pytest.mark.parametrize(
    ("rule", "cycle", "allowed"),
    [
        (MayTestFirst.NEVER, 2, False),
        (MayTestFirst.REPEAT, 1, False),
        (MayTestFirst.REPEAT, 2, True),
        (MayTestFirst.ALWAYS, 1, True),
    ],
)
def test_the_course_says_when(
    make: Factory,
    browser: Browsers,
    person: Person,
    course: Course,
    *,
    rule: MayTestFirst,
    cycle: int,
    allowed: bool,
) -> None:
    newest = make.rows(select(CourseVersion).order_by(CourseVersion.minor.desc()))[0]
    newest.test_first = rule
    make.session.commit()
    wanted = make.assignment(person, course, cycle=cycle)
    page = browser(person)
    read_conduct(page, wanted)
    begin(page, wanted, allowed=allowed)
