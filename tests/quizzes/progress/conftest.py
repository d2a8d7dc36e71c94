"""What the tests of the trainer's desk begin with: a trainer, and people to follow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.attempts import unlocking
from quizzes.attempts.models import Attempt
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.races import alone
from training.accounts.models import Organisation, Person
from training.permissions import Grant, Role, Viewer

SOON = TODAY + timedelta(days=20)
PAST = TODAY - timedelta(days=1)


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the trainer's organisation."""
    return make.organisation()


@pytest.fixture
def trainer(make: Factory, home: Organisation) -> Person:
    """Return a trainer of the organisation."""
    return make.person(Role.TRAINER, organisation=home, printed_name="Tessa Trainer")


@pytest.fixture
def hr(make: Factory, home: Organisation) -> Person:
    """Return HR of the organisation."""
    return make.person(Role.HR, organisation=home, printed_name="Hanna Office")


def seen(person: Person, role: Role = Role.TRAINER) -> Viewer:
    """Return somebody with a role as services see them."""
    return Viewer(person.id, person.organisation_id, (Grant(role, person.organisation_id),))


@pytest.fixture
def viewer(trainer: Person) -> Viewer:
    """Return the trainer as services see them."""
    return seen(trainer)


@pytest.fixture
def page(browser: Browsers, trainer: Person) -> Browser:
    """Return the trainer's browser."""
    return browser(trainer)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.clock.now", lambda: NOW)


@dataclass
class Learners:
    """Makes people who have come so far."""

    make: Factory
    course: Course
    home: Organisation
    app: Flask
    engine: Engine

    def new(self, name: str = "Nele New", **values: object) -> Assignment:
        """Assign the course to a new person."""
        person = self.make.person(organisation=self.home, printed_name=name)
        return self.make.assignment(person, self.course, **{"due_on": SOON} | values)

    def reading(self, name: str = "Rosa Reading", **values: object) -> Assignment:
        """Make somebody who has read."""
        assignment = self.new(name, **values)
        self.make.read_all(assignment)
        return assignment

    def stuck(self, name: str = "Stan Stuck", **values: object) -> Assignment:
        """Make somebody who has failed three times."""
        assignment = self.reading(name, **values)
        self.fail(assignment, 3)
        return assignment

    def done(self, name: str = "Dora Done", **values: object) -> Assignment:
        """Make somebody who has passed."""
        assignment = self.reading(name, **values)
        attempt = self.make.attempt(assignment)
        self.make.answer(attempt, assignment.person_id)
        with self.app.app_context():
            self.make.submit(attempt, assignment.person_id)
        return assignment

    def fail(self, assignment: Assignment, times: int) -> Attempt:
        """Fail an assignment so many times more."""
        for _ in range(times):
            attempt = self.make.attempt(assignment)
            self.make.answer(attempt, assignment.person_id, wrong=9, wrong_critical=9)
            self.make.submit(attempt, assignment.person_id)
        return attempt

    def ask(self, assignment: Assignment, at: datetime = NOW) -> None:
        """Have the person ask for an unlock."""
        alone(
            self.engine,
            lambda s: unlocking.ask(s, assignment.person_id, assignment.id, at=at),
        )


@pytest.fixture
def learners(
    make: Factory, course: Course, home: Organisation, app: Flask, engine: Engine
) -> Learners:
    """Return the maker of learners."""
    return Learners(make, course, home, app, engine)
