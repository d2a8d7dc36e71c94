"""Who sends people where, for the tests of readiness."""

import pytest

from tests.factories import Factory
from training.accounts.models import Organisation, Person
from training.missions.models import Mission
from training.permissions import Role


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation that sends."""
    return make.organisation()


@pytest.fixture
def trainer(make: Factory, home: Organisation) -> Person:
    """Return who plans."""
    return make.person(Role.TRAINER, organisation=home)


@pytest.fixture
def mission(make: Factory) -> Mission:
    """Return where they go."""
    return make.mission(name="Mission to Nowhere")
