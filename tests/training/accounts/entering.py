"""Signing in through the form, as a person does."""

import re
from typing import Any

import pyotp
from werkzeug.test import TestResponse

from tests.factories import Factory
from tests.pages import Browser
from training import clock
from training.accounts import passwords
from training.accounts.models import Person
from training.permissions import Role

PASSWORD = "granite kettle sails under moss"
HASHED = passwords.hash_secret(PASSWORD, fast=True)
REFUSED = "do not go together"
TOO_MANY = "Too many tries"


def somebody(make: Factory, role: Role | None = None, **values: Any) -> Person:
    """Make a person whose password is `PASSWORD`."""
    return make.person(role, **{"password_hash": HASHED} | values)


def enter(
    page: Browser,
    user_name: str,
    password: str = PASSWORD,
    *,
    expect: int = 303,
    path: str = "/sign-in",
    **fields: str,
) -> TestResponse:
    """Fill in the sign-in form and send it; the browser keeps a token that works afterwards."""
    page.keep(csrf_token="token")
    answer = page.post(path, {"user_name": user_name, "password": password} | fields, expect)
    page.keep(csrf_token="token")
    return answer


def key_shown(page: Browser) -> str:
    """Return the key that the page for setting up the second step shows."""
    shown = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page.get("/second-step").text)
    assert shown is not None
    return shown[1].replace(" ", "")


def figures(key: str, steps: int = 0) -> str:
    """Return what an authenticator with this key shows now, or so many half minutes later."""
    return pyotp.TOTP(key).at(clock.now(), counter_offset=steps)


def second_step(page: Browser, path: str = "/second-step") -> str:
    """Set up the second step with its first code, and return the key; the session may go on."""
    key = key_shown(page)
    page.post(path.replace("step", "step/set-up", 1), {"code": figures(key)}, expect=200)
    return key
