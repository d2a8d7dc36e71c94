"""The second step of people with a role: nothing opens before, and nothing is taken twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.accounts.entering import (
    PASSWORD,
    TOO_MANY,
    enter,
    figures,
    key_shown,
    second_step,
    somebody,
)
from tests.training.conftest import Time, embedded
from training.accounts.models import Person, RecoveryCode, RoleGrant, SecondFactor
from training.audit import AuditEvent
from training.permissions import Role

WRONG = "This code is not right"
AT_ONCE = 8


@pytest.fixture
def person(make: Factory, time: Time) -> Person:
    """Return an administrator, at a time that stands still."""
    return somebody(make, Role.ADMINISTRATOR)


@pytest.fixture
def key(person: Person, browser: Browsers, time: Time) -> str:
    """Return the key of that person, who set up the second step a minute ago."""
    page = browser(None)
    enter(page, person.user_name)
    found = second_step(page)
    time.passes(minutes=1)
    return found


def pending(person: Person, browser: Browsers) -> Browser:
    """Return a browser in which the password was right and the second step is open."""
    page = browser(None)
    enter(page, person.user_name)
    return page


@pytest.mark.parametrize("role", Role)
@embedded
def test_everybody_with_a_role_sets_it_up_at_the_first_sign_in(
    role: Role, make: Factory, browser: Browsers
) -> None:
    page = browser(None)
    enter(page, somebody(make, role).user_name)
    assert page.get("/", expect=303).location == "/second-step?next=/"
    text = page.get("/second-step").text
    assert 'src="data:image/svg+xml' in text
    made = page.post("/second-step/set-up", {"code": figures(key_shown(page))}, expect=200).text
    assert len(re.findall(r'class="code">[0-9A-Z]{5}-[0-9A-Z]{5}<', made)) == 10
    page.get("/")


@embedded
def test_a_deployee_is_not_asked(make: Factory, browser: Browsers) -> None:
    page = browser(None)
    enter(page, somebody(make).user_name)
    page.get("/")
    assert page.get("/second-step", expect=303).location == "/"


def test_every_page_but_the_step_itself_is_closed_until_then(
    app: Flask, person: Person, key: str, browser: Browsers
) -> None:
    page = pending(person, browser)
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        if view.permission is None or getattr(view, "before_second_step", False):
            continue
        path = re.sub(r"<any\((\w+)[^>]+>", r"\1", rule.rule)
        path = re.sub(r"<[^>]+>", "1", path)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            data = {"csrf_token": page.token} if method == "POST" else None
            answer = page.client.open(path, method=method, base_url="https://localhost", data=data)
            asked = (answer.location or "").startswith("/second-step")
            assert (answer.status_code, asked) == (303, True), (method, path)
    assert "/people/" not in page.get("/second-step").text
    page.post("/language", {"language": "nl"})
    page.post("/second-step", {"code": figures(key)})
    page.get("/people/")


def test_a_stolen_password_sets_no_other_one(person: Person, key: str, browser: Browsers) -> None:
    page = pending(person, browser)
    chosen = "another wet lantern walks"
    answer = page.post("/password", {"password": chosen, "repeat": chosen})
    assert answer.location.startswith("/second-step")
    enter(browser(None), person.user_name, PASSWORD)


def test_the_step_leads_to_the_page_that_was_asked_for(
    person: Person, key: str, browser: Browsers
) -> None:
    page = browser(None)
    enter(page, person.user_name, path="/sign-in?next=/people/new")
    step = page.get("/people/new", expect=303).location
    assert page.post(step, {"code": figures(key)}).location == "/people/new"
    page = pending(person, browser)
    answer = page.post("/second-step?next=https://evil.example/", {"code": figures(key, 1)})
    assert answer.location == "/"


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 41, "\u202e123456", "é" * 6, "\0"])
@embedded
def test_a_wrong_code_is_refused_beside_its_field(
    code: str, person: Person, key: str, browser: Browsers
) -> None:
    page = pending(person, browser)
    page.post("/second-step", {"code": code}, expect=422)
    page.get("/", expect=303)


def test_a_code_is_taken_once(person: Person, key: str, browser: Browsers, time: Time) -> None:
    first, second = pending(person, browser), pending(person, browser)
    code = figures(key)
    first.post("/second-step", {"code": code})
    assert WRONG in second.post("/second-step", {"code": code}, expect=422).text
    assert WRONG in second.post("/second-step", {"code": figures(key, -1)}, expect=422).text
    first.post("/second-step", {"code": code})
    time.passes(seconds=30)
    second.post("/second-step", {"code": figures(key)})


@pytest.mark.usefixtures("time")
def test_of_eight_browsers_with_one_code_one_gets_in(
    person: Person, key: str, browser: Browsers
) -> None:
    pages, barrier = [pending(person, browser) for _ in range(AT_ONCE)], Barrier(AT_ONCE)
    code = figures(key)

    def send(page: Browser) -> int:
        barrier.wait()
        fields = {"csrf_token": page.token, "code": code}
        return page.client.post(
            "/second-step", data=fields, base_url="https://localhost"
        ).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = list(threads.map(send, pages))
    assert statuses.count(303) == 1
    opened = [page.client.get("/", base_url="https://localhost").status_code for page in pages]
    assert opened.count(200) == 1


def test_guessing_it_costs_time_like_guessing_a_password(
    person: Person, key: str, browser: Browsers, time: Time
) -> None:
    page = pending(person, browser)
    for guess in range(4):
        page.post("/second-step", {"code": f"00000{guess}"}, expect=422)
    assert TOO_MANY in page.post("/second-step", {"code": figures(key)}, expect=429).text
    assert (
        TOO_MANY
        in pending(person, browser).post("/second-step", {"code": figures(key)}, expect=429).text
    )
    time.passes(seconds=2)
    page.post("/second-step", {"code": figures(key)})


def test_a_recovery_code_stands_in_once_and_new_ones_end_the_earlier(
    person: Person, key: str, browser: Browsers, session: Session
) -> None:
    page = pending(person, browser)
    page.post("/second-step", {"code": figures(key)})
    shown = page.post("/second-step/recovery-codes", expect=200).text
    first, second = re.findall(r'class="code">([0-9A-Z-]+)<', shown)[:2]
    pending(person, browser).post("/second-step", {"code": first.lower().replace("-", " ")})
    assert WRONG in pending(person, browser).post("/second-step", {"code": first}, 422).text
    assert "9 recovery codes left" in page.get("/access/").text
    assert "recovery_code.used" in session.scalars(select(AuditEvent.action)).all()
    session.commit()
    page.post("/second-step/recovery-codes", expect=200)
    pending(person, browser).post("/second-step", {"code": second}, expect=422)
    kept = " ".join(session.scalars(select(RecoveryCode.code_hash)))
    assert first not in kept


def test_the_key_is_kept_nowhere(person: Person, key: str, session: Session) -> None:
    kept = session.scalars(select(SecondFactor)).one()
    assert key not in kept.salt
    assert kept.person_id == person.id


def test_setting_up_twice_keeps_the_first(person: Person, browser: Browsers) -> None:
    first, second = pending(person, browser), pending(person, browser)
    late = key_shown(second)
    second_step(first)
    answer = second.post("/second-step/set-up", {"code": figures(late)}, expect=422)
    assert "set up meanwhile" in answer.text
    second.get("/", expect=303)


def test_setting_up_needs_a_right_code(person: Person, browser: Browsers, session: Session) -> None:
    page = pending(person, browser)
    shown = key_shown(page)
    page.post("/second-step/set-up", {"code": "000000"}, expect=422)
    assert key_shown(page) == shown
    assert session.scalars(select(SecondFactor)).all() == []


def test_who_gets_a_role_while_at_work_sets_the_step_up_first(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person, page = somebody(make), browser(None)
    enter(page, person.user_name)
    page.get("/")
    grant = RoleGrant(person_id=person.id, role=Role.HR, organisation_id=person.organisation_id)
    session.add(grant)
    session.commit()
    page.get("/", expect=303)
    second_step(page)
    page.get("/")


def test_a_password_comes_before_the_second_step(
    person: Person, key: str, browser: Browsers, session: Session
) -> None:
    page = pending(person, browser)
    session.get_one(Person, person.id).password_hash = None
    session.commit()
    assert page.get("/second-step", expect=303).location == "/password"
    page.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert page.get("/", expect=303).location == "/second-step?next=/"
    page.post("/second-step", {"code": figures(key)})


def test_an_administrator_resets_the_step_of_others_and_they_see_who_did_it(
    make: Factory, browser: Browsers, session: Session, time: Time
) -> None:
    home = make.organisation()
    boss = somebody(make, Role.ADMINISTRATOR, organisation=home, printed_name="Karin Oldenhof")
    trainer = somebody(make, Role.TRAINER, organisation=home)
    page, desk = browser(None), browser(boss)
    enter(page, trainer.user_name)
    old = second_step(page)
    assert "Reset the second step" in desk.get(f"/people/{trainer.id}").text
    path = f"/people/{trainer.id}/second-step/reset"
    desk.post(path)
    desk.post(path)
    page.get("/", expect=303)
    time.passes(minutes=1)
    enter(page, trainer.user_name)
    assert key_shown(page) != old
    second_step(page)
    assert "reset by Karin Oldenhof" in page.get("/").text
    event = AuditEvent.action == "second_factor.reset"
    found = session.scalars(select(AuditEvent).where(event)).one()
    assert (found.actor_id, found.subject_id) == (boss.id, trainer.id)


def test_nobody_resets_their_own_step(person: Person, key: str, browser: Browsers) -> None:
    browser(person).post(f"/people/{person.id}/second-step/reset", expect=403)


def test_the_buttons_of_the_demonstration_skip_the_step_and_say_so(
    make: Factory, browser: Browsers
) -> None:
    somebody(make, Role.TRAINER, user_name="willem.brouwer")
    page = browser(None)
    assert "without password and second step" in page.get("/sign-in").text
    page.post("/demonstration", {"user_name": "willem.brouwer"})
    page.get("/start-cards/")
