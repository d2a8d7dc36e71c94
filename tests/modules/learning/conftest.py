"""What the tests of learning begin with: somebody to whom the core course is assigned."""

import pytest

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Person


@pytest.fixture
def person(make: Factory) -> Person:
    """Return the learner."""
    return make.person()


@pytest.fixture
def assignment(make: Factory, course: Course, person: Person) -> Assignment:
    """Return the learner's assignment, with nothing read."""
    return make.assignment(person, course)


@pytest.fixture
def page(browser: Browsers, person: Person) -> Browser:
    """Return the learner's browser."""
    return browser(person)
