"""A form that stands open in one window while its sender signs in again in another."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.accounts.entering import PASSWORD, figures, key_shown, somebody
from tests.training.conftest import Time
from training.accounts.models import Person
from training.permissions import Role

NEW = {"printed_name": "Zoë Berg", "user_name": "zoe", "category": "police", "unit_id": "0"}
FIELDS = NEW | {"language": "nl"}


@pytest.fixture
def person(make: Factory) -> Person:
    """Return an administrator who has two windows open."""
    return somebody(make, Role.ADMINISTRATOR)


@pytest.fixture
def window(person: Person, time: Time, browser: Browsers) -> Browser:
    """Return their browser; one jar of cookies serves both windows."""
    return browser(person)


def token_on(page: Browser, path: str) -> str:
    """Open a page and return the token in its forms, as it was given out."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get(path).text)
    assert found is not None
    return found[1]


def sign_in_again(page: Browser, person: Person) -> None:
    """Sign in in another window, with what that window shows."""
    page.token = token_on(page, "/sign-in")
    page.post("/sign-in", {"user_name": person.user_name, "password": PASSWORD})


def pass_second_step(page: Browser) -> None:
    """Pass the second step with what the window shows."""
    page.token = token_on(page, "/second-step")
    page.post("/second-step/set-up", {"code": figures(key_shown(page))}, expect=200)


def send(page: Browser, token: str, expect: int = 303, **headers: str) -> TestResponse:
    """Send the form of the first window, with the token that it was opened with."""
    sent = FIELDS | {"csrf_token": token}
    return page.post("/people/new", sent, expect, headers=headers)


def added(session: Session) -> bool:
    """Tell whether the person of the form is there."""
    found = session.scalars(select(Person).where(Person.user_name == "zoe")).first()
    session.commit()
    return found is not None


def test_it_is_taken_when_the_same_person_signed_in_again_elsewhere(
    window: Browser, person: Person, time: Time, session: Session
) -> None:
    first = token_on(window, "/people/new")
    time.passes(minutes=16)
    sign_in_again(window, person)
    pass_second_step(window)
    send(window, first)
    assert added(session)


def test_it_waits_while_the_other_window_is_at_the_second_step(
    window: Browser, person: Person, time: Time, session: Session
) -> None:
    first = token_on(window, "/people/new")
    time.passes(minutes=16)
    sign_in_again(window, person)
    assert send(window, first).location == "/second-step"
    pass_second_step(window)
    assert "Zoë Berg" in window.get("/continue").text
    assert not added(session)


def test_it_is_offered_with_a_fresh_token_when_the_browser_had_forgotten_everything(
    window: Browser, person: Person, session: Session
) -> None:
    first = token_on(window, "/people/new")
    window.post("/sign-out", {"csrf_token": first})
    sign_in_again(window, person)
    pass_second_step(window)
    text = send(window, first, expect=400).text
    assert "Zoë Berg" in text
    assert f"in your name: {person.printed_name}" in text
    assert not added(session)
    fresh = re.search(r'action="/people/new">\s*<input[^>]*value="([^"]+)"', text)
    assert fresh is not None
    send(window, fresh[1])
    assert added(session)


def test_a_form_of_the_person_before_is_not_taken(
    window: Browser, time: Time, make: Factory, session: Session
) -> None:
    first = token_on(window, "/people/new")
    time.passes(minutes=16)
    sign_in_again(window, somebody(make, Role.ADMINISTRATOR))
    pass_second_step(window)
    send(window, first, expect=400)
    assert not added(session)


def test_whoever_signed_out_elsewhere_is_told_how_to_send_it_after_all(
    window: Browser, person: Person, session: Session
) -> None:
    first = token_on(window, "/people/new")
    window.post("/sign-out", {"csrf_token": first})
    text = send(window, first, expect=400).text
    assert "You are signed out" in text
    assert "Sign in in another window" in text
    sign_in_again(window, person)
    pass_second_step(window)
    assert "Zoë Berg" in send(window, first, expect=400).text, "reloading sends it once more"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_is_not_offered(window: Browser, site: str) -> None:
    text = send(window, "forged", expect=400, **{"Sec-Fetch-Site": site}).text
    assert "This page had expired" in text
    assert "Zoë Berg" not in text


def test_a_stale_password_is_neither_taken_nor_shown(window: Browser) -> None:
    typed = {"csrf_token": "stale", "password": PASSWORD, "repeat": PASSWORD}
    text = window.post("/password", typed, expect=400).text
    assert "This page had expired" in text
    assert PASSWORD not in text


def test_a_script_with_a_stale_token_is_told_in_its_own_way(window: Browser) -> None:
    assert send(window, "stale", expect=400, Accept="application/json").json is not None


def test_only_a_stale_page_is_said_to_have_expired(window: Browser) -> None:
    text = window.post("/language", {"language": "tlh"}, expect=400).text
    assert "expired" not in text
