"""A trainer with an organisation, a mission with a rotation, and a browser."""

from datetime import date

import pytest

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Organisation, Person
from training.missions.models import Mission, Rotation
from training.permissions import Role


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation that sends people."""
    return make.organisation()


@pytest.fixture
def trainer(make: Factory, home: Organisation) -> Person:
    """Return who plans there."""
    return make.person(
        Role.TRAINER, organisation=home, printed_name="Tess Trainer", user_name="tess"
    )


@pytest.fixture
def mission(make: Factory) -> Mission:
    """Return the mission people are sent on."""
    return make.mission(name="UNSMIT")


@pytest.fixture
def rotation(make: Factory, mission: Mission) -> Rotation:
    """Return a rotation of it."""
    days = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 9, 5)}
    rotation = Rotation(mission_id=mission.id, name="Rotation 4", **days)
    make.session.add(rotation)
    make.session.commit()
    return rotation


@pytest.fixture
def page(browser: Browsers, trainer: Person) -> Browser:
    """Return the trainer's browser."""
    return browser(trainer)
