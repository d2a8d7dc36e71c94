"""A form that arrives after its session has ended waits for the person who sent it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.training.accounts.entering import PASSWORD, enter, second_step, somebody
from tests.training.conftest import Time, embedded
from training.accounts import sessions
from training.accounts.models import HeldForm, Person
from training.permissions import Role

PATH = "/people/new?draft=1"
FIELDS = {"printed_name": "Zoë  <b>", "user_name": "zoe", "category": ["military", "police"]}
NEVER_KEPT = {"password": "one thing", "repeat": "one thing", "password_old": "x", "code": "c"}


@pytest.fixture
def person(make: Factory) -> Person:
    """Return an administrator who will be away too long."""
    return somebody(make, Role.ADMINISTRATOR)


@pytest.fixture
def page(person: Person, time: Time, browser: Browsers) -> Browser:
    """Return the browser of that person, with a session that has ended."""
    page = browser(person)
    time.passes(minutes=16)
    return page


def offered(text: str) -> list[tuple[str, str]]:
    """Return the hidden fields of the page that offers a held form."""
    form = text[text.index('class="onward"') :]
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    return [(name, value) for name, value in found if name != "csrf_token"]


def test_it_is_offered_to_the_same_person_and_sent_on_as_it_was(
    page: Browser, person: Person, session: Session
) -> None:
    values = {"printed_name": "Zoë van der Berg", "user_name": "zoe", "category": "police"}
    values |= {"language": "nl", "unit_id": "0"}
    assert page.post(PATH, values).location == "/sign-in"
    assert "your work is kept" in page.get("/sign-in").text
    assert enter(page, person.user_name).location == "/continue"
    second_step(page, path="/second-step?next=/continue")
    text = page.get("/continue").text
    assert f'action="{PATH}"' in text
    page.post(PATH, dict(offered(text)))
    assert session.scalars(select(Person).where(Person.user_name == "zoe")).one().language == "nl"


def test_it_keeps_fields_that_occur_twice_and_drops_what_is_secret(
    page: Browser, person: Person, session: Session
) -> None:
    page.post(PATH, FIELDS | NEVER_KEPT)
    kept = session.scalars(select(HeldForm.fields)).one()
    wanted = [["printed_name", "Zoë  <b>"], ["user_name", "zoe"]]
    assert kept == [*wanted, ["category", "military"], ["category", "police"]]
    session.commit()
    enter(page, person.user_name)
    second_step(page)
    shown = offered(page.get("/continue").text)
    assert shown[0] == ("printed_name", "Zoë  &lt;b&gt;")
    assert [value for name, value in shown if name == "category"] == ["military", "police"]


def test_it_is_not_offered_to_another_person(
    page: Browser, person: Person, make: Factory, browser: Browsers
) -> None:
    other = somebody(make)
    page.post(PATH, FIELDS)
    enter(page, other.user_name)
    assert page.get("/continue", expect=302).location == "/"
    assert browser(person).get("/continue", expect=302).location == "/"


def test_it_is_offered_once_and_not_again_at_a_later_sign_in(
    page: Browser, person: Person, time: Time
) -> None:
    page.post(PATH, FIELDS)
    enter(page, person.user_name)
    second_step(page)
    page.get("/continue")
    page.get("/continue")
    page.post(PATH, FIELDS, expect=422)
    time.passes(minutes=16)
    assert enter(page, person.user_name).location == "/"


def test_it_waits_while_a_person_with_a_new_start_code_chooses_a_password(
    page: Browser, person: Person, session: Session
) -> None:
    page.post(PATH, FIELDS)
    enter(page, person.user_name)
    person.password_hash = None
    session.commit()
    page.get("/continue", expect=303)
    answer = page.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert answer.location == "/continue"


@embedded
def test_what_is_too_large_to_keep_is_refused_and_said(page: Browser, session: Session) -> None:
    page.post(PATH, {"printed_name": "x" * 100_001})
    assert "too long to keep" in page.get("/sign-in").text
    assert session.scalars(select(HeldForm)).first() is None


@embedded
def test_it_is_not_kept_without_a_token_against_forgery(page: Browser, session: Session) -> None:
    page.post(PATH, FIELDS | {"csrf_token": "forged"}, expect=400)
    assert session.scalars(select(HeldForm)).first() is None


@embedded
def test_nothing_is_kept_for_a_browser_that_was_never_signed_in(
    browser: Browsers, session: Session
) -> None:
    stranger = browser(None)
    stranger.post(PATH, FIELDS)
    stranger.keep(_user_id="a token that was never given")
    stranger.post(PATH, FIELDS)
    assert session.scalars(select(HeldForm)).first() is None


@embedded
def test_a_script_is_told_that_the_session_has_ended(page: Browser, session: Session) -> None:
    answer = page.post(PATH, FIELDS, 401, headers={"Accept": "application/json"})
    assert answer.json == {"error": "signed_out"}
    assert session.scalars(select(HeldForm)).first() is None


def test_it_expires_after_a_day(make: Factory, session: Session) -> None:
    person = make.person()
    ended = sessions.begin(session, person.id, own_device=False, at=NOW)
    token = sessions.hold_form(session, ended, PATH, [["a", "b"]], at=NOW)
    assert token is not None
    almost = NOW + timedelta(days=1) - timedelta(seconds=1)
    assert sessions.held_form(session, token, person.id, at=almost) is not None
    assert sessions.held_form(session, token, person.id, at=NOW + timedelta(days=1)) is None
    sessions.forget_old(session, at=NOW + timedelta(days=1, seconds=1))
    assert session.scalars(select(HeldForm)).first() is None
