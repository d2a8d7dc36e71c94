"""A new start code in the room: for whom, by whom, and that the person sees it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.races import together
from tests.training.accounts.entering import PASSWORD, TOO_MANY, enter, somebody
from tests.training.accounts.test_start_cards import cards_of
from tests.training.conftest import Time
from training.accounts.models import Person, RoleGrant
from training.accounts.reach import refusal
from training.audit import AuditEvent
from training.permissions import Grant, Role, Viewer

TOKEN = "a-token-of-the-form-1234"
TRAINER, ADMIN = Grant(Role.TRAINER, 1), Grant(Role.ADMINISTRATOR, 1)
BOSS = Grant(Role.ADMINISTRATOR, None)


@pytest.mark.parametrize(
    ("viewer", "held", "allowed"),
    [
        ((TRAINER,), (), True),
        ((TRAINER,), (TRAINER,), False),
        ((TRAINER,), (Grant(Role.HR, 1),), False),
        ((ADMIN,), (TRAINER, ADMIN), True),
        ((ADMIN,), (BOSS,), False),
        ((ADMIN,), (Grant(Role.TRAINER, 2),), False),
        ((BOSS,), (BOSS, Grant(Role.TRAINER, 2)), True),
    ],
)
def test_nobody_gives_access_to_who_may_do_more(
    viewer: tuple[Grant, ...],
    held: tuple[Grant, ...],
    allowed: bool,  # noqa: FBT001
) -> None:
    assert (refusal(Viewer(1, 1, viewer), 2, held) is None) is allowed
    assert refusal(Viewer(1, 1, viewer), 1, ()) is not None


def reset(page: Browser, person: Person, token: str = TOKEN) -> str:
    """Make a new code in the room and return it."""
    path = f"/start-cards/people/{person.id}"
    [(name, code)] = cards_of(page.post(path, {"token": token}, expect=200).text)
    assert name == person.user_name
    return code


def test_a_person_who_forgot_the_password_gets_in_and_sees_who_helped(
    make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home)
    trainer = somebody(make, Role.TRAINER, organisation=home, printed_name="Willem Brouwer")
    before = browser(person)
    code = reset(browser(trainer), person)
    before.get("/", expect=303)
    enter(browser(None), person.user_name, PASSWORD, expect=422)
    phone = browser(None)
    enter(phone, person.user_name, code)
    phone.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert "reset by Willem Brouwer on" in phone.get("/").text
    assert phone.post("/access/notice", {"next": "/access/"}).location == "/access/"
    assert "reset by" not in phone.get("/").text
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "start_code.made")).one()
    assert (event.actor_id, event.subject_id) == (trainer.id, person.id)


def test_a_first_code_in_the_room_is_not_told_of_as_a_reset(
    make: Factory, browser: Browsers
) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home, password_hash=None)
    desk, phone = browser(somebody(make, Role.TRAINER, organisation=home)), browser(None)
    enter(phone, person.user_name, reset(desk, person))
    phone.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert "reset by" not in phone.get("/").text
    enter(phone := browser(None), person.user_name, reset(desk, person, TOKEN + "2"))
    assert "reset by" in phone.get("/password").text


def test_a_reset_in_the_room_ends_the_wait_after_too_many_tries(
    make: Factory, browser: Browsers
) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home)
    for _ in range(4):
        enter(browser(None), person.user_name, "wrong", expect=422)
    assert TOO_MANY in enter(browser(None), person.user_name, expect=429).text
    code = reset(browser(somebody(make, Role.TRAINER, organisation=home)), person)
    enter(browser(None), person.user_name, code)


@pytest.mark.usefixtures("time")
def test_the_same_click_twice_gives_the_same_code_until_it_is_used(
    make: Factory, browser: Browsers
) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home)
    desk = browser(somebody(make, Role.TRAINER, organisation=home))
    code = reset(desk, person)
    assert reset(desk, person) == code
    phone = browser(None)
    enter(phone, person.user_name, code)
    phone.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    path = f"/start-cards/people/{person.id}"
    assert "used or replaced" in desk.post(path, {"token": TOKEN}, expect=409).text
    phone.get("/")
    assert reset(desk, person, TOKEN + "2") != code


def test_a_trainer_resets_nobody_with_a_role_nor_themselves_nor_strangers(
    make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    trainer = somebody(make, Role.TRAINER, organisation=home)
    desk = browser(trainer)
    colleague = somebody(make, Role.HR, organisation=home)
    for person, status in (
        (trainer, 403),
        (colleague, 403),
        (somebody(make), 404),
        (somebody(make, organisation=home, is_active=False), 404),
    ):
        desk.post(f"/start-cards/people/{person.id}", {"token": TOKEN}, expect=status)
    desk.post("/start-cards/people/999999", {"token": TOKEN}, expect=404)
    desk.post(f"/start-cards/people/{trainer.id}", {"token": "\0"}, expect=422)
    assert not session.scalars(select(AuditEvent)).all()


def test_a_role_that_has_ended_no_longer_protects_from_a_trainer(
    time: Time, make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    former = somebody(make, Role.HR, organisation=home)
    session.get_one(
        RoleGrant, session.scalars(select(RoleGrant.id)).one()
    ).ends_on = time.now.date()
    session.commit()
    desk = browser(somebody(make, Role.TRAINER, organisation=home))
    desk.post(f"/start-cards/people/{former.id}", {"token": TOKEN}, expect=403)
    time.passes(days=1)
    desk = browser(somebody(make, Role.TRAINER, organisation=home))
    desk.post(f"/start-cards/people/{former.id}", {"token": TOKEN}, expect=200)


def test_an_administrator_resets_colleagues_but_nobody_above(
    make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    desk = browser(somebody(make, Role.ADMINISTRATOR, organisation=home))
    colleague = somebody(make, Role.ADMINISTRATOR, organisation=home)
    boss = somebody(make, organisation=home)
    session.add(RoleGrant(person_id=boss.id, role=Role.ADMINISTRATOR, organisation_id=None))
    session.commit()
    desk.post(f"/people/{colleague.id}/start-code", expect=200)
    desk.post(f"/people/{boss.id}/start-code", expect=403)
    desk.post(f"/people/{boss.id}/second-step/reset", expect=403)


def test_of_two_browsers_with_one_start_code_only_one_sets_the_password(
    make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home)
    code = reset(browser(somebody(make, Role.TRAINER, organisation=home)), person)
    phones = [browser(None) for _ in range(8)]
    for phone in phones:
        enter(phone, person.user_name, code)
    chosen = [f"{PASSWORD} number {n}" for n in range(8)]

    def choose(number: int) -> int:
        fields = {"csrf_token": phones[number].token} | dict.fromkeys(
            ("password", "repeat"), chosen[number]
        )
        answer = phones[number].client.post("/password", data=fields, base_url="https://localhost")
        return 200 if answer.location == "/" else 400

    def task(number: int) -> Callable[[], int]:
        return lambda: choose(number)

    results = together([task(n) for n in range(8)])
    assert results.count(200) == 1
    winner = chosen[results.index(200)]
    enter(browser(None), person.user_name, winner)
    ways = [phone.client.get("/", base_url="https://localhost").status_code for phone in phones]
    assert ways.count(200) == 1


def test_a_guessed_start_code_is_refused_slowly(make: Factory, browser: Browsers) -> None:
    home = make.organisation()
    person = somebody(make, organisation=home)
    code = reset(browser(somebody(make, Role.TRAINER, organisation=home)), person)
    page = browser(None)
    for guess in ("0000-0000-0000", code[:-1], code + "0", "", "é" * 100)[:3]:
        assert not re.fullmatch(code, guess)
        enter(page, person.user_name, guess, expect=422)
    enter(page, person.user_name, "0000-0000-0001", expect=422)
    enter(page, person.user_name, code, expect=429)
