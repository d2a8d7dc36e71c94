"""Where one is signed in: what is shown, and what can be ended."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import Time, embedded
from training.accounts import browsers
from training.accounts.models import SignInSession

MOZILLA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (f"{MOZILLA} Chrome/131.0.0.0 Safari/537.36", "Chrome"),
        (f"{MOZILLA} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge"),
        (f"{MOZILLA} Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0", "Edge"),
        (f"{MOZILLA} Chrome/131.0.0.0 Safari/537.36 OPR/115.0", "Opera"),
        (f"{MOZILLA} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36", "Samsung Internet"),
        ("Mozilla/5.0 (X11; Linux; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox"),
        (f"{MOZILLA} FxiOS/133.0 Mobile/15E148 Safari/605.1.15", "Firefox"),
        (f"{MOZILLA} CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome"),
        (f"{MOZILLA} Version/18.1 Safari/605.1.15", "Safari"),
        ("curl/8.11", None),
        ("", None),
        ("\u202e<b>" * 1000, None),
    ],
)
def test_only_the_family_of_the_browser_is_kept(said: str, family: str | None) -> None:
    assert browsers.family(said) == family


def test_each_session_is_listed_with_what_is_known_of_it(
    time: Time, make: Factory, browser: Browsers
) -> None:
    person = somebody(make, organisation=make.organisation(time_zone="Europe/Amsterdam"))
    phone, desk = browser(None), browser(None)
    phone.client.environ_base["HTTP_USER_AGENT"] = f"{MOZILLA} Version/18 Safari/605"
    enter(phone, person.user_name, device="own")
    time.passes(minutes=5)
    desk.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 Firefox/133.0 secret-build"
    enter(desk, person.user_name)
    text = desk.get("/access/").text
    rows = re.findall(
        r"<strong>(\w+)</strong>, ([a-z ]+?)(?: · <strong>(this one)</strong>)?<br>", text
    )
    assert rows == [("Firefox", "shared computer", "this one"), ("Safari", "own device", "")]
    assert "13:00" in text, "in the time zone of the organisation"
    assert "secret-build" not in text


def test_one_session_or_all_others_can_be_ended(make: Factory, browser: Browsers) -> None:
    person = somebody(make)
    here, there, third = (browser(None) for _ in range(3))
    for page in (there, third, here):
        enter(page, person.user_name)
    ends = re.findall(r'action="(/access/sessions/\d+/end)"', here.get("/access/").text)
    assert len(ends) == 3
    here.post(min(ends, key=lambda path: int(re.sub(r"\D", "", path))))
    there.get("/", expect=303)
    third.get("/")
    here.post("/access/sessions/end-others")
    third.get("/", expect=303)
    assert "Sign out everywhere else</button>" not in here.get("/access/").text
    [own] = re.findall(r'action="(/access/sessions/\d+/end)"', here.get("/access/").text)
    here.get(here.post(own).location, expect=303)


def test_a_session_of_somebody_else_is_not_found(
    make: Factory, browser: Browsers, session: Session
) -> None:
    other = browser(make.person())
    row = session.scalars(select(SignInSession)).one()
    session.commit()
    page = browser(make.person())
    page.post(f"/access/sessions/{row.id}/end", expect=404)
    page.post("/access/sessions/999999/end", expect=404)
    page.post(f"/access/sessions/{'9' * 30}/end", expect=404)
    other.get("/")


def test_sessions_that_are_over_are_not_listed(
    time: Time, make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    for _ in range(3):
        browser(person)
    session.scalars(select(SignInSession)).first().ended_at = time.now  # type: ignore[union-attr]
    session.commit()
    time.passes(minutes=31)
    page = browser(person)
    assert page.get("/access/").text.count('/end"') == 1


@embedded
def test_the_first_choice_is_the_shared_computer(
    make: Factory, browser: Browsers, session: Session
) -> None:
    page, person = browser(None), somebody(make)
    text = page.get("/sign-in").text
    assert re.search(r'<input checked[^>]+value="shared"', text)
    assert re.search(r'type="radio" value="own"', text)
    enter(page, person.user_name, device="elsewhere", expect=422)
    enter(page, person.user_name)
    assert not session.scalars(select(SignInSession)).one().own_device
