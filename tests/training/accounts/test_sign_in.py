"""Getting in: what is compared, what is said, and where one arrives."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from huey import MemoryHuey
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.training.accounts.entering import HASHED, PASSWORD, REFUSED, TOO_MANY, enter, somebody
from tests.training.conftest import Time, embedded
from training import clock
from training.accounts import passwords
from training.accounts.guessing import FREE_FOR_PAIR
from training.accounts.models import Person, SignInSession
from training.app import create_app
from training.config import Settings
from training.permissions import Role

CODE = "7K3M-9XQ2-VT4D"
CODE_HASHED = passwords.hash_secret(CODE, fast=True)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with every Argon2 comparison."""
    done: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, stored: str | bytes, given: str | bytes) -> bool:
        done.append(str(stored))
        return bool(real(self, stored, given))

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return done


def starter(make: Factory, *, expires: timedelta = timedelta(days=1)) -> Person:
    """Make a person who has a start code and no password yet."""
    return make.person(
        password_hash=None,
        start_code_hash=CODE_HASHED,
        start_code_expires_at=clock.now() + expires,
    )


def test_the_right_password_opens_the_first_page(make: Factory, browser: Browsers) -> None:
    person, page = somebody(make), browser(None)
    assert enter(page, person.user_name).location == "/"
    assert person.printed_name in page.get("/").text


@embedded
@pytest.mark.parametrize("typed", ["ROBIN", "  robin ", "Robin"])
def test_a_user_name_is_recognised_in_any_case(
    typed: str, make: Factory, browser: Browsers
) -> None:
    somebody(make, user_name="robin")
    enter(browser(None), typed)


def test_a_refusal_does_not_tell_whether_the_name_exists(
    make: Factory, browser: Browsers, comparisons: list[str]
) -> None:
    somebody(make, user_name="known-name")
    somebody(make, user_name="left-names", is_active=False)
    make.person(user_name="fresh-name", password_hash=None)
    pages, work = set(), set()
    for name in ("known-name", "other-name", "left-names", "fresh-name"):
        comparisons.clear()
        text = enter(browser(None), name, "not this one", expect=422).text
        work.add(len(comparisons))
        text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
        pages.add(text.replace(name, "somebody"))
    assert len(pages) == 1
    assert REFUSED in pages.pop()
    assert work == {1}


@embedded
def test_a_password_is_never_sent_back(make: Factory, browser: Browsers) -> None:
    answer = enter(browser(None), somebody(make).user_name, "not this one", expect=422)
    assert "not this one" not in answer.text


def test_somebody_who_left_does_not_get_in_with_the_right_password(
    make: Factory, browser: Browsers
) -> None:
    enter(browser(None), somebody(make, is_active=False).user_name, expect=422)


@embedded
@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", " "), "7k3m9xq2vt4d"])
def test_a_start_code_is_accepted_however_it_is_typed(
    typed: str, make: Factory, browser: Browsers
) -> None:
    enter(browser(None), starter(make).user_name, typed)


def test_nothing_can_be_done_before_a_password_is_chosen(make: Factory, browser: Browsers) -> None:
    page = browser(None)
    enter(page, starter(make).user_name, CODE)
    for path in ("/", "/continue", "/learn/1/"):
        assert page.get(path, expect=303).location == "/password"
    page.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    page.get("/")


def test_a_start_code_works_once(make: Factory, browser: Browsers, session: Session) -> None:
    person, page = starter(make), browser(None)
    enter(page, person.user_name, CODE)
    page.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    enter(browser(None), person.user_name, CODE, expect=422)
    enter(browser(None), person.user_name, PASSWORD)
    session.refresh(person)
    assert (person.start_code_hash, person.start_code_expires_at) == (None, None)


@pytest.mark.usefixtures("time")
def test_a_start_code_that_has_expired_is_refused_like_a_wrong_one(
    make: Factory, browser: Browsers, comparisons: list[str]
) -> None:
    late = starter(make, expires=timedelta(0))
    assert REFUSED in enter(browser(None), late.user_name, CODE, expect=422).text
    assert len(comparisons) == 1
    enter(browser(None), starter(make, expires=timedelta(seconds=1)).user_name, CODE)


CHOSEN = "another wet lantern walks"


def renewed(chosen: str, present: str = PASSWORD) -> dict[str, str]:
    """Return what is filled in to have another password."""
    return {"password_now": present, "password": chosen, "repeat": chosen}


def test_choosing_a_password_ends_the_other_sessions_and_keeps_this_one(
    make: Factory, browser: Browsers
) -> None:
    person = somebody(make)
    here, there = browser(person), browser(person)
    here.post("/password", renewed(CHOSEN))
    here.get("/")
    there.get("/", expect=303)


@embedded
@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short one", "Use 10 to 128 characters."),
        ("x" * 129, "Use 10 to 128 characters."),
        ("", "Please fill this in."),
        ("password123", "This is easily guessed."),
        ("robin de vries", "This is easily guessed."),
    ],
)
def test_a_password_that_is_easily_guessed_or_out_of_bounds_is_refused_beside_its_field(
    password: str, said: str, make: Factory, browser: Browsers, session: Session
) -> None:
    person = somebody(make, user_name="robin", printed_name="Robin de Vries")
    answer = browser(person).post("/password", renewed(password), 422)
    assert said in answer.text
    session.refresh(person)
    assert person.password_hash == HASHED


@embedded
def test_two_different_entries_are_refused(make: Factory, browser: Browsers) -> None:
    page = browser(somebody(make))
    answer = page.post("/password", renewed(PASSWORD) | {"repeat": PASSWORD + "s"}, 422)
    assert "The two are not the same." in answer.text


@pytest.mark.parametrize("present", ["", "not my password"])
def test_another_password_is_set_only_by_who_knows_the_present_one(
    present: str, make: Factory, browser: Browsers, session: Session
) -> None:
    person = somebody(make)
    text = browser(person).post("/password", renewed(CHOSEN, present), 422).text
    assert 'id="password_now-error"' in text
    assert CHOSEN not in text
    session.refresh(person)
    assert person.password_hash == HASHED


def test_guessing_the_present_password_takes_as_long_as_signing_in(
    time: Time, make: Factory, browser: Browsers
) -> None:
    person = somebody(make)
    page = browser(person)
    for _ in range(FREE_FOR_PAIR + 1):
        page.post("/password", renewed(CHOSEN, "a guess"), 422)
    assert TOO_MANY in page.post("/password", renewed(CHOSEN), 429).text
    enter(browser(None), person.user_name, expect=429)
    time.passes(minutes=1)
    page.post("/password", renewed(CHOSEN))
    enter(browser(None), person.user_name, CHOSEN)


def test_every_sign_in_gets_a_token_of_its_own_and_only_its_hash_is_kept(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person, page = somebody(make), browser(None)
    tokens = []
    for _ in range(2):
        enter(page, person.user_name)
        with page.client.session_transaction(base_url="https://localhost") as cookie:
            tokens.append(cookie["_user_id"])
    kept = session.scalars(select(SignInSession.token_hash)).all()
    assert len(set(tokens)) == len(set(kept)) == 2
    assert not set(tokens) & set(kept)


def test_signing_in_ends_the_session_this_browser_had(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person, page = somebody(make), browser(None)
    enter(page, person.user_name)
    enter(page, person.user_name)
    rows = session.scalars(select(SignInSession).order_by(SignInSession.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]


def test_signing_out_ends_the_session_on_the_server_too(
    make: Factory, browser: Browsers, session: Session
) -> None:
    page = browser(None)
    enter(page, somebody(make).user_name)
    with page.client.session_transaction(base_url="https://localhost") as cookie:
        token = cookie["_user_id"]
    assert page.post("/sign-out").location == "/sign-in"
    page.keep(_user_id=token)
    page.get("/", expect=303)
    assert session.scalars(select(SignInSession)).one().ended_at is not None


@embedded
def test_a_signed_in_person_is_not_asked_again(make: Factory, browser: Browsers) -> None:
    assert browser(make.person()).get("/sign-in", expect=302).location == "/"


@embedded
def test_the_sign_in_keeps_nothing_of_what_the_cookie_held_before(
    make: Factory, browser: Browsers
) -> None:
    page = browser(None)
    page.keep(planted="by somebody else")
    enter(page, somebody(make).user_name)
    with page.client.session_transaction(base_url="https://localhost") as cookie:
        assert "planted" not in cookie


@embedded
def test_a_sign_in_leads_to_the_page_that_was_asked_for(make: Factory, browser: Browsers) -> None:
    page = browser(None)
    wanted = page.get("/learn/7/?in=nl", expect=303).location
    assert wanted == "/sign-in?next=/learn/7/?in%3Dnl"
    assert enter(page, somebody(make).user_name, path=wanted).location == "/learn/7/?in=nl"


@pytest.mark.parametrize("address", ["https://evil.example/", "/\\evil.example/", "//["])
@embedded
def test_a_sign_in_never_leads_to_another_site(
    address: str, make: Factory, browser: Browsers
) -> None:
    page = browser(None)
    fields = {"user_name": somebody(make).user_name, "password": PASSWORD}
    assert page.post("/sign-in", fields, query_string={"next": address}).location == "/"


@embedded
def test_the_buttons_of_the_demonstration_do_not_exist_outside_it(
    settings: Settings, engine: Engine, make: Factory
) -> None:
    serious = replace(settings, demonstration=False)
    page = Browser(create_app(serious, engine=engine, queue=MemoryHuey()))
    assert "demonstration" not in page.get("/sign-in").text.lower()
    page.post("/demonstration", {"user_name": somebody(make).user_name}, expect=404)


def test_a_start_code_is_valid_for_14_days(time: Time, make: Factory, browser: Browsers) -> None:
    organisation = make.organisation()
    person = somebody(make, organisation=organisation)
    desk = browser(somebody(make, Role.ADMINISTRATOR, organisation=organisation))
    text = desk.post(f"/people/{person.id}/start-code", expect=200).text
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found is not None
    time.passes(days=14, seconds=-1)
    enter(browser(None), person.user_name, found[0])
    time.passes(seconds=1)
    assert time.now == NOW + timedelta(days=14)
    enter(browser(None), person.user_name, found[0], expect=422)
