"""A planner at the desk of missions, and what they send."""

import html
import re
from typing import Any

import pytest

from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training import clock
from training.accounts.models import Organisation, Person
from training.missions.models import Mission
from training.permissions import Role


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of the planner."""
    return make.organisation(name="Home Forces")


@pytest.fixture
def planner(make: Factory, home: Organisation) -> Person:
    """Return who plans."""
    return make.person(Role.TRAINER, organisation=home)


@pytest.fixture
def desk(browser: Browsers, planner: Person) -> Browser:
    """Return the planner's browser."""
    return browser(planner)


@pytest.fixture
def mission(make: Factory, home: Organisation) -> Mission:
    """Return a mission that the planner's organisation leads."""
    return make.mission(name="Silent Heron", lead_id=home.id)


def sent(**values: Any) -> dict[str, Any]:
    """Return what the form of a mission sends."""
    return {
        "name": "Silent Heron",
        "framework": "un",
        "host_country": "Tarsa",
        "status": "open",
        "conduct_inside": "Conduct focal point of the mission",
        "conduct_outside": "Inspector outside the chain of command",
        "conduct_checked_on": TODAY.isoformat(),
    } | values


def seen(desk: Browser, path: str) -> str:
    """Return what the form at an address says its reader saw."""
    return carried(desk.get(path).text)


def carried(page: str) -> str:
    """Return what the form on a page says its reader saw."""
    found = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])
