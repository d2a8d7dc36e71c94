"""An administrator with an organisation, a unit and a browser."""

import pytest

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Organisation, Person
from training.permissions import Role


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation that people are imported into."""
    return make.organisation()


@pytest.fixture
def admin(make: Factory, home: Organisation) -> Person:
    """Return its administrator."""
    return make.person(
        Role.ADMINISTRATOR, organisation=home, printed_name="Ada Beheer", user_name="ada"
    )


@pytest.fixture
def page(browser: Browsers, admin: Person) -> Browser:
    """Return the administrator's browser."""
    return browser(admin)
