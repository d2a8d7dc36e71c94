"""What the tests of attempts begin with: somebody who has read everything."""

import pytest

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.factories import Factory
from training.accounts.models import Person


@pytest.fixture
def person(make: Factory) -> Person:
    """Return the learner."""
    return make.person()


@pytest.fixture
def assignment(make: Factory, course: Course, person: Person) -> Assignment:
    """Return the learner's assignment, with every lesson ticked."""
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    return assignment
