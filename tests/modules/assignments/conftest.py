"""What the tests of assigning begin with: a trainer and their organisation."""

import pytest

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Organisation, Person
from training.permissions import Grant, Role, Viewer


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the trainer's organisation."""
    return make.organisation()


@pytest.fixture
def trainer(make: Factory, home: Organisation) -> Person:
    """Return a trainer of the organisation."""
    return make.person(Role.TRAINER, organisation=home)


@pytest.fixture
def viewer(trainer: Person, home: Organisation) -> Viewer:
    """Return the trainer as services see them."""
    return Viewer(trainer.id, home.id, (Grant(Role.TRAINER, home.id),))


@pytest.fixture
def page(browser: Browsers, trainer: Person) -> Browser:
    """Return the trainer's browser."""
    return browser(trainer)
