"""Guessing: every failure makes the next try wait longer, and waiting is enough."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.training.accounts.entering import REFUSED, TOO_MANY, enter, somebody
from tests.training.conftest import Time
from training.accounts import throttle
from training.accounts.models import Throttle
from training.accounts.views import FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS

AT_ONCE = 8


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (3, 0), (4, 2), (5, 4), (6, 8), (12, 512), (13, 900), (14, 900), (500, 900)],
)
def test_the_delay_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert throttle.delay(failures, 3) == seconds


def test_each_account_has_a_delay_that_grows_and_that_waiting_ends(
    time: Time, make: Factory, browser: Browsers
) -> None:
    name, page = somebody(make).user_name, browser(None)
    for _ in range(FREE_FOR_ACCOUNT + 1):
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
    for _ in range(FREE_FOR_ACCOUNT + 1):
        enter(page, name, "wrong", expect=422)
    for _ in range(5):
        enter(page, name, "wrong", expect=429)
    time.passes(seconds=2)
    enter(page, name)


@pytest.mark.usefixtures("time")
def test_a_success_forgives(make: Factory, browser: Browsers) -> None:
    name = somebody(make).user_name
    for _ in range(3):
        for _ in range(FREE_FOR_ACCOUNT - 1):
            enter(browser(None), name, "wrong", expect=422)
        enter(browser(None), name)


def test_each_address_has_a_delay_over_all_names(
    time: Time, make: Factory, browser: Browsers, session: Session
) -> None:
    name, page = somebody(make).user_name, browser(None)
    enter(page, "guess1", "wrong", expect=422)
    session.execute(
        update(Throttle)
        .where(Throttle.key.startswith("address:"))
        .values(failures=FREE_FOR_ADDRESS)
    )
    session.commit()
    enter(page, "guess2", "wrong", expect=422)
    enter(page, name, expect=429)
    elsewhere = {"user_name": name, "password": "wrong"}
    page.post("/sign-in", elsewhere, 422, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    time.passes(seconds=2)
    enter(page, name)


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
    compared = FREE_FOR_ACCOUNT + 1
    assert statuses == [422] * compared + [429] * (AT_ONCE - compared)
    failures = session.scalars(select(Throttle.failures).order_by(Throttle.failures)).all()
    assert failures == [compared, AT_ONCE]


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
