"""Deny by default: what a view must say of itself, and what happens to those it did not name."""

import sys
from types import ModuleType

import pytest
from flask import Flask
from huey import MemoryHuey
from sqlalchemy import Engine

import training.app
from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.conftest import embedded
from training.app import create_app
from training.auth import requires, signed_in
from training.config import Settings
from training.permissions import ALLOWS, EVERYBODY, Grant, Permission, Role, Viewer

pytestmark = [embedded, pytest.mark.usefixtures("databases")]


def silent() -> str:
    """Answer anybody, because its author forgot to say whom."""
    return "everything"


def test_the_application_does_not_start_with_a_view_that_is_open_by_mistake(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    feature = ModuleType("forgetful")

    def init_app(app: Flask) -> None:
        app.add_url_rule("/forgotten", view_func=silent)

    feature.init_app = init_app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "forgetful", feature)
    monkeypatch.setattr(training.app, "FEATURES", (*training.app.FEATURES, "forgetful"))
    with pytest.raises(RuntimeError, match="silent"):
        create_app(settings, engine=engine, queue=MemoryHuey())


@pytest.mark.parametrize("permission", Permission)
def test_a_view_opens_to_exactly_the_roles_that_hold_its_permission(
    permission: Permission, app: Flask, make: Factory, browser: Browsers
) -> None:
    view = requires(permission)(lambda: signed_in().printed_name)
    app.add_url_rule("/guarded", view_func=view, endpoint="guarded")
    browser(None).get("/guarded", expect=303)
    for role in (None, *Role):
        held = ALLOWS[role] if role else frozenset()
        expected = 200 if permission in held | EVERYBODY else 403
        answer = browser(make.person(role)).client.get("/guarded", base_url="https://localhost")
        assert answer.status_code == expected, role


def test_a_permission_reaches_the_organisations_of_the_roles_that_allow_it() -> None:
    viewer = Viewer(1, 1, (Grant(Role.TRAINER, 1), Grant(Role.ADMINISTRATOR, 2)))
    assert viewer.organisations(Permission.MANAGE_PEOPLE) == frozenset({2})
    assert viewer.organisations(Permission.ASSIGN) == frozenset({1, 2})
    assert viewer.organisations(Permission.LEARN) == frozenset()
    platform = Viewer(1, 1, (Grant(Role.HR, None), Grant(Role.HR, 1)))
    assert platform.organisations(Permission.READ_DOCUMENTS) is None
    assert platform.organisations(Permission.MANAGE_PEOPLE) == frozenset()


def test_a_public_view_cannot_ask_who_is_signed_in_when_nobody_is(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Exception, match="401"):
        signed_in()
