"""Guessing: every failure makes the next try wait longer, and waiting is enough."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import at_once
from tests.training.accounts.entering import REFUSED, TOO_MANY, enter, somebody
from tests.training.conftest import Time
from training.accounts import sign_in_throttle, throttle
from training.accounts.guessing import (
    DELAY_FROM_ADDRESS,
    FREE_FOR_ACCOUNT,
    FREE_FOR_PAIR,
    LONGEST_FOR_ACCOUNT,
    MANY_FROM_ADDRESS,
)
from training.accounts.models import Throttle
from training.accounts.sign_in_throttle import Try

AT_ONCE = 8


def guess(session: Session, tried: Try, *, at: datetime = NOW) -> int:
    """Try in vain, and return the seconds that had to be waited instead."""
    wait = sign_in_throttle.take(session, tried, at=at)
    if not wait:
        sign_in_throttle.failed(session, tried, at=at)
    return wait


def enters(session: Session, tried: Try, *, at: datetime = NOW) -> bool:
    """Try with the right password, and tell whether it was looked at."""
    if sign_in_throttle.take(session, tried, at=at):
        return False
    sign_in_throttle.succeeded(session, tried, at=at)
    return True


def test_each_account_has_a_delay_that_grows_and_that_waiting_ends(
    time: Time, make: Factory, browser: Browsers
) -> None:
    name, page = somebody(make).user_name, browser(None)
    for _ in range(FREE_FOR_PAIR + 1):
        assert REFUSED in enter(page, name, "wrong", expect=422).text
    for seconds in (2, 4, 8):
        time.passes(seconds=seconds - 1)
        assert TOO_MANY in enter(page, name, expect=429).text
        time.passes(seconds=1)
        assert REFUSED in enter(page, name, "wrong", expect=422).text
    enter(browser(None), somebody(make).user_name)
    time.passes(seconds=16)
    enter(page, name)


def test_a_try_that_is_told_to_wait_does_not_lengthen_the_wait(
    time: Time, make: Factory, browser: Browsers
) -> None:
    name, page = somebody(make).user_name, browser(None)
    for _ in range(FREE_FOR_PAIR + 1):
        enter(page, name, "wrong", expect=422)
    for _ in range(5):
        enter(page, name, "wrong", expect=429)
    time.passes(seconds=2)
    enter(page, name)


@pytest.mark.usefixtures("time")
def test_a_success_forgives(make: Factory, browser: Browsers) -> None:
    name = somebody(make).user_name
    for _ in range(3):
        for _ in range(FREE_FOR_PAIR - 1):
            enter(browser(None), name, "wrong", expect=422)
        enter(browser(None), name)


def test_a_barracks_signs_in_while_an_attacker_guesses_at_the_same_address(
    session: Session,
) -> None:
    for number in range(10 * MANY_FROM_ADDRESS):
        guess(session, Try(f"victim{number % 50}", "barracks"))
    soldiers = [Try(f"soldier{number}", "barracks") for number in range(300)]
    assert all(enters(session, tried) for tried in soldiers)


def test_who_mistypes_where_an_attacker_guesses_waits_a_small_fixed_time(session: Session) -> None:
    for number in range(MANY_FROM_ADDRESS):
        guess(session, Try(f"victim{number}", "barracks"))
    clumsy = Try("clumsy", "barracks")
    assert guess(session, clumsy) == 0
    assert not enters(session, clumsy)
    assert enters(session, clumsy, at=NOW + timedelta(seconds=DELAY_FROM_ADDRESS))


def test_right_passwords_of_a_whole_barracks_are_no_failures(session: Session) -> None:
    for number in range(300):
        assert enters(session, Try(f"soldier{number}", "barracks"))
    kept = session.scalars(select(Throttle.key).where(Throttle.key.startswith("address:")))
    assert kept.all() == []


def test_eight_failures_at_once_from_one_address_are_all_counted(engine: Engine) -> None:
    def fail(session: Session, number: int) -> int:
        return guess(session, Try(f"victim{number}", "barracks"))

    assert at_once(engine, fail) == [0] * AT_ONCE
    with Session(engine) as session:
        assert session.get_one(Throttle, "address:barracks").failures == AT_ONCE


def test_guesses_from_many_addresses_share_one_slow_account(session: Session) -> None:
    compared = [guess(session, Try("known", f"bot{n}")) for n in range(5 * FREE_FOR_ACCOUNT)]
    assert compared.count(0) == FREE_FOR_ACCOUNT + 1
    for minutes in range(1, 5):
        later = NOW + timedelta(minutes=minutes)
        waits = [guess(session, Try("known", f"bot{minutes}-{n}"), at=later) for n in range(5)]
        assert waits.count(0) == 1
        assert max(waits) <= LONGEST_FOR_ACCOUNT + 1


def test_where_somebody_signed_in_lately_guesses_from_elsewhere_delay_nobody(
    session: Session,
) -> None:
    home = Try("known", "home")
    assert enters(session, home)
    for number in range(5 * FREE_FOR_ACCOUNT):
        guess(session, Try("known", f"bot{number}"))
    assert not enters(session, Try("known", "new"))
    assert enters(session, home)
    month = NOW + throttle.KNOWN_FOR
    for number in range(5 * FREE_FOR_ACCOUNT):
        guess(session, Try("known", f"bot{number}"), at=month)
    assert not enters(session, home, at=month)


def test_a_new_start_code_ends_every_wait_for_the_account_and_no_other(session: Session) -> None:
    known, other = Try("known", "home"), Try("other", "home")
    for _ in range(FREE_FOR_PAIR + 1):
        guess(session, known)
        guess(session, other)
    sign_in_throttle.release(session, "known", at=NOW)
    session.expire_all()
    assert enters(session, known)
    assert not enters(session, other)


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=400)])
def test_a_clock_set_back_makes_nobody_wait_longer_than_the_delay(
    back: timedelta, session: Session
) -> None:
    tried, earlier = Try("known", "home"), NOW - back
    for _ in range(FREE_FOR_PAIR + 1):
        assert guess(session, tried) == 0
    wait = sign_in_throttle.take(session, tried, at=earlier)
    assert 0 < wait <= 3
    assert enters(session, tried, at=earlier + timedelta(seconds=wait))


@pytest.mark.usefixtures("time")
def test_eight_wrong_guesses_at_the_same_moment_are_all_counted(
    app: Flask, make: Factory, session: Session
) -> None:
    name, barrier = somebody(make).user_name, Barrier(AT_ONCE)

    def guess(page: Browser) -> int:
        barrier.wait()
        fields = {"csrf_token": page.token, "user_name": name, "password": "wrong"}
        return page.client.post("/sign-in", data=fields, base_url="https://localhost").status_code

    pages = [Browser(app) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = sorted(threads.map(guess, pages))
    compared = FREE_FOR_PAIR + 1
    assert statuses == [422] * compared + [429] * (AT_ONCE - compared)
    failures = session.scalars(select(Throttle.failures)).all()
    assert failures == [compared] * 3  # Of the account, of the pair and of the address.


def test_eight_first_failures_at_once_make_one_row_that_counts_eight(engine: Engine) -> None:
    barrier = Barrier(AT_ONCE)

    def fail(_: int) -> int:
        with Session(engine.execution_options(write=True)) as session, session.begin():
            if engine.dialect.name != "sqlite":  # There a transaction waits for the one before.
                barrier.wait()
            return throttle.take(session, "key", free=AT_ONCE, at=NOW)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert list(threads.map(fail, range(AT_ONCE))) == [0] * AT_ONCE
    with Session(engine) as session:
        assert session.scalars(select(Throttle.failures)).all() == [AT_ONCE]


def test_failures_are_forgotten_after_a_day(session: Session) -> None:
    for _ in range(4):
        throttle.take(session, "key", free=3, at=NOW)
    assert throttle.waiting(session, "key", at=NOW) == 3
    later = NOW + timedelta(days=1, seconds=1)
    assert throttle.take(session, "key", free=3, at=later) == 0
    assert session.get_one(Throttle, "key").failures == 1
    throttle.forget_old(session, at=later + timedelta(days=1))
    assert session.scalars(select(Throttle)).all() == [session.get_one(Throttle, "key")]
    throttle.forget_old(session, at=later + timedelta(days=1, seconds=1))
    session.expire_all()
    assert session.scalars(select(Throttle)).all() == []


def test_the_table_tells_nobody_which_names_or_addresses_were_tried(
    make: Factory, browser: Browsers, session: Session
) -> None:
    enter(browser(None), "a-name-that-was-tried", "wrong", expect=422)
    keys = " ".join(session.scalars(select(Throttle.key)))
    assert "tried" not in keys
    assert "127.0.0.1" not in keys
