"""Signing in through the form, as a person does."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories import Factory
from tests.pages import Browser
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
