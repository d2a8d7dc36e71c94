"""What features add upwards: the next step, the cards of the first page, publishing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.conftest import embedded
from training import publishing
from training.errors import Problem
from training.home import next_steps
from training.parts import Part, Step, register


def wanting(label: str, *wanted: int) -> Callable[..., dict[int, Step]]:
    """Return a feature's wish for the next step of some assignments."""

    def steps(_session: object, _person_id: int, ids: list[int]) -> dict[int, Step]:
        return {number: Step(label, "/") for number in ids if number in wanted}

    return steps


@embedded
def test_the_feature_that_comes_last_decides_on_the_next_step(app: Flask) -> None:
    register(app, Part("first", steps=wanting("first", 1, 2, 3)))
    register(app, Part("second", steps=wanting("second", 2)))
    with app.app_context():
        found = next_steps(7, [1, 2, 4])
    assert {number: step.label for number, step in found.items()} == {1: "first", 2: "second"}


@embedded
def test_the_first_page_shows_the_cards_of_every_feature(
    app: Flask, make: Factory, browser: Browsers
) -> None:
    asked: list[int] = []

    def cards(_session: Session, person_id: int, _today: object) -> dict[str, object]:
        asked.append(person_id)
        return {}

    register(app, Part("more", home=cards))
    person = make.person()
    browser(person).get("/")
    assert asked == [person.id]


def test_publishing_is_whole_or_nothing(app: Flask, session: Session) -> None:
    def fail(_session: Session, _folder: Path, _at: datetime) -> list[str]:
        raise LookupError

    register(app, Part("broken", publish=fail))
    with app.app_context(), pytest.raises(LookupError):
        publishing.publish()
    assert session.scalar(select(func.count()).select_from(Course)) == 0


@embedded
def test_every_problem_is_said_once_in_the_order_of_files_and_lines(app: Flask) -> None:
    later, sooner = Problem("b.md", 9, "Wrong.", "Fix."), Problem("b.md", 2, "Wrong.", "Fix.")
    other = Problem("a.md", 30, "Wrong.", "Fix.")
    register(app, Part("one", validate=lambda *_: [later, other]))
    register(app, Part("two", validate=lambda *_: [sooner, other]))
    with app.app_context():
        assert publishing.validate() == [other, sooner, later]
    assert str(other) == "a.md:30: Wrong. Fix."
