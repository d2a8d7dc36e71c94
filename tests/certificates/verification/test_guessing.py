"""Guessing numbers and codes is slowed down; whoever holds a certificate never is."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from certificates.register.numbers import new_code, new_number
from certificates.verification.views import LONGEST_WAIT
from modules.catalogue.models import Course
from tests.certificates.verification.test_verification import ask
from tests.conftest import Browsers
from tests.pages import Browser
from training.accounts.models import Throttle


def guess(page: Browser, number: str | None = None) -> None:
    """Guess until one has to wait."""
    for _ in range(11):
        ask(page, number or new_number(), new_code())


def test_guessing_numbers_and_codes_is_slowed_down(
    certificate: Certificate, browser: Browsers
) -> None:
    page = browser(None)
    guess(page, certificate.number)
    for number in (certificate.number, new_number()):
        assert "Too many tries" in ask(page, number, new_code(), expect=429)
    assert "Too many tries" in ask(page, certificate.number, expect=429)


def test_a_right_number_with_its_code_is_answered_whatever_others_guessed(
    certificate: Certificate, browser: Browsers
) -> None:
    page = browser(None)
    guess(page)
    assert "Hoff" in ask(page, certificate.number, certificate.code)
    assert "Hoff" in page.get(f"/V/{certificate.number}/{certificate.code}").text


def test_a_mistyped_number_guesses_nothing(certificate: Certificate, browser: Browsers) -> None:
    page = browser(None)
    for _ in range(15):
        assert "Not known" in ask(page, "00000-00001", new_code())
    assert "Valid" in ask(page, certificate.number)
    guess(page)
    assert "Not known" in ask(page, "00000-00001")


def test_honest_questions_are_never_slowed_down(
    certificate: Certificate, browser: Browsers
) -> None:
    page = browser(None)
    for _ in range(15):
        ask(page, certificate.number, certificate.code)
        ask(page, certificate.number)


def test_the_wait_never_grows_beyond_half_a_minute(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    page = browser(None)
    ask(page, new_number())
    row = session.scalars(select(Throttle)).one()
    row.failures = 1000
    session.commit()
    ask(page, new_number())
    session.refresh(row)
    assert row.blocked_until - row.last_at == timedelta(seconds=LONGEST_WAIT)


def test_an_unknown_number_is_counted_with_or_without_a_code(
    browser: Browsers, course: Course
) -> None:
    page = browser(None)
    for _ in range(11):
        ask(page, new_number())
    ask(page, new_number(), expect=429)
