"""What anybody may ask of a certificate."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Withdrawal
from modules.catalogue.models import Course
from modules.learning.models import Completion
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Person


def ask(page: Browser, number: str, code: str = "", on: str = "", expect: int = 200) -> str:
    """Return what the public page answers."""
    return page.post("/verify", {"number": number, "code": code, "on": on}, expect=expect).text


def test_the_number_alone_tells_the_state_and_no_name(
    certificate: Certificate, browser: Browsers
) -> None:
    shown = ask(browser(None), certificate.number)
    assert "Valid" in shown
    assert "Hoff" not in shown
    assert certificate.code not in shown


def test_with_the_code_the_holder_is_named(certificate: Certificate, browser: Browsers) -> None:
    shown = ask(browser(None), certificate.number.lower(), certificate.code.replace("-", " "))
    assert "Hoff" in shown
    assert certificate.version in shown


def test_the_name_in_own_script_is_compared_with_the_paper_and_shown_with_the_code_only(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    certificate.native_name = "عبد الرحمن"
    session.commit()
    assert "عبد الرحمن" in ask(browser(None), certificate.number, certificate.code)
    assert "عبد الرحمن" not in ask(browser(None), certificate.number)
    assert "عبد الرحمن" not in ask(browser(None), certificate.number, "0000-0000-0000-0000")


def test_a_wrong_code_says_no_more_than_none(certificate: Certificate, browser: Browsers) -> None:
    shown = ask(browser(None), certificate.number, "0000-0000-0000-0000")
    assert "Hoff" not in shown
    assert "does not belong" in shown


def test_a_wrong_code_is_never_answered_as_a_valid_certificate(
    certificate: Certificate, browser: Browsers
) -> None:
    shown = ask(browser(None), certificate.number, "0000-0000-0000-0000")
    assert 'class="verdict risk"' in shown
    assert "do not accept it" in shown
    assert 'class="badge valid"' not in shown
    late = certificate.valid_until + timedelta(days=1)
    shown = ask(browser(None), certificate.number, "0000-0000-0000-0000", late.isoformat())
    assert 'class="verdict expired"' in shown


def test_the_scanned_address_counts_as_number_and_code(
    certificate: Certificate, browser: Browsers
) -> None:
    page = browser(None)
    for prefix in ("/V", "/v"):
        assert "Hoff" in page.get(f"{prefix}/{certificate.number}/{certificate.code}").text


def test_the_answer_is_for_the_day_one_types(certificate: Certificate, browser: Browsers) -> None:
    late = certificate.valid_until + timedelta(days=1)
    assert "Expired" in ask(browser(None), certificate.number, on=late.isoformat())
    early = TODAY - timedelta(days=1)
    assert "Not valid yet" in ask(browser(None), certificate.number, on=early.isoformat())


def test_each_component_has_its_own_answer(certificate: Certificate, browser: Browsers) -> None:
    in_two_years = TODAY + timedelta(days=730)
    shown = ask(browser(None), certificate.number, on=in_two_years.isoformat())
    assert "Valid" in shown
    assert "Expired" in shown
    assert "Conduct" in shown
    assert "A part of it has expired on this day" in shown
    assert "A part of it has expired" not in ask(browser(None), certificate.number)


def test_a_withdrawn_certificate_is_withdrawn_without_its_reason(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    session.add(Withdrawal(certificate_id=certificate.id, reason="fraud", withdrawn_at=NOW))
    session.commit()
    shown = ask(browser(None), certificate.number, certificate.code)
    assert "Withdrawn" in shown
    assert "fraud" not in shown


def test_an_annulled_completion_withdraws_its_certificate(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    session.get_one(Completion, certificate.completion_id).annulled_on = TODAY
    session.commit()
    assert "Withdrawn" in ask(browser(None), certificate.number)


def test_a_renewed_certificate_stays_valid_and_says_that_a_newer_exists(
    app: Flask,
    certificate: Certificate,
    browser: Browsers,
    make: Factory,
    course: Course,
    session: Session,
) -> None:
    person = session.get_one(Person, certificate.person_id)
    newer = earn(app, make, course, session, person, cycle=2)
    assert newer.issued_at is not None
    assert "a newer one exists" in ask(browser(None), certificate.number)
    assert "a newer one exists" not in ask(browser(None), newer.number)


def test_before_the_name_is_confirmed_it_is_being_made(
    app: Flask, make: Factory, course: Course, session: Session, browser: Browsers
) -> None:
    waiting = earn(app, make, course, session, make.person())
    assert "Being made" in ask(browser(None), waiting.number)


def test_a_certificate_outlives_the_account(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    session.get_one(Person, certificate.person_id).is_active = False
    session.commit()
    assert "Hoff" in ask(browser(None), certificate.number, certificate.code)


@pytest.mark.parametrize("number", ["nonsense", "00000-00000", "\u202e12345", "é" * 40])
def test_an_unknown_number_is_not_known(number: str, browser: Browsers, course: Course) -> None:
    answer = browser(None).post(
        "/verify", {"number": number}, expect=200 if number.isascii() or number[0] == "é" else 422
    )
    assert "Not known" in answer.text or "cannot be printed" in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "x" * 41),
        ("number", "a\x00b"),
        ("on", "yesterday"),
        ("code", "c" * 61),
    ],
)
def test_bad_input_is_said_beside_the_field(
    field: str, value: str, browser: Browsers, course: Course
) -> None:
    fields = {"number": "7K3M9-XQ2VT"} | {field: value}
    answer = browser(None).post("/verify", fields, expect=422)
    assert f'id="{field}-error"' in answer.text


def test_strange_addresses_are_answered_and_never_fail(browser: Browsers, course: Course) -> None:
    page = browser(None)
    for odd in ("x", quote("\u202e"), "1" * 2000):
        assert "Not known" in page.get(f"/V/{odd}/{odd}").text
    page.get("/V/%00/%00", expect=404)


def test_asking_sets_no_state_that_a_stranger_needs(certificate: Certificate, app: Flask) -> None:
    answer = app.test_client().post(
        "/verify", data={"number": certificate.number}, base_url="https://localhost"
    )
    assert answer.status_code == 200
