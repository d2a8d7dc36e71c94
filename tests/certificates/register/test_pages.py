"""What the holder is shown of a certificate."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register import services
from certificates.register.models import Certificate, Withdrawal
from modules.catalogue.models import Course
from quizzes.attempts.models import Attempt
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from training.accounts.models import Organisation, Person
from training.permissions import Role

ONLY = "This certificate contains only: "


@pytest.fixture
def earned(app: Flask, make: Factory, course: Course, session: Session) -> Certificate:
    """Return a certificate whose name was not confirmed yet."""
    return earn(app, make, course, session, make.person())


@pytest.fixture
def mine(earned: Certificate, session: Session) -> Certificate:
    """Return an issued certificate."""
    name = session.get_one(Person, earned.person_id).printed_name
    services.confirm_name(session, earned.person_id or 0, earned.id, name, at=NOW)
    session.commit()
    return earned


def test_the_result_names_the_modules_of_a_part_before_the_name_is_confirmed(
    earned: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, earned.person_id)
    attempt = session.scalars(select(Attempt.id)).one()
    session.commit()
    assert ONLY in browser(person).get(f"/attempts/{attempt}/result").text


def test_the_first_page_asks_for_the_name_without_telling_of_minutes_that_are_not_left(
    earned: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, earned.person_id)
    session.commit()
    shown = browser(person).get("/").text
    assert "Confirm your name" in shown
    assert "about 0 minutes" not in shown


def test_a_part_of_the_training_says_so_on_the_holders_page_and_on_the_first_page(
    mine: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, mine.person_id)
    session.commit()
    page = browser(person)
    shown = page.get(f"/certificates/{mine.id}").text
    assert ONLY in shown
    assert mine.module_titles[0]["en"] in shown
    assert "<strong>DEMONSTRATION</strong>" in shown
    assert "sealed" not in shown
    mine.partial = mine.demonstration = False
    session.commit()
    shown = page.get(f"/certificates/{mine.id}").text
    assert "contains only" not in shown
    assert "<strong>DEMONSTRATION</strong>" not in shown


def test_every_state_has_its_own_word_on_the_first_page(
    mine: Certificate, browser: Browsers, session: Session
) -> None:
    mine.valid_from = date(2900, 1, 1)
    person = session.get_one(Person, mine.person_id)
    session.commit()
    shown = browser(person).get("/").text
    assert "Not valid yet" in shown
    assert "Not ready" not in shown


def test_a_part_of_the_training_says_so_on_the_record_and_in_ones_own_history(
    mine: Certificate, make: Factory, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, mine.person_id)
    home = session.get_one(Organisation, person.organisation_id)
    desk, own = browser(make.person(Role.HR, organisation=home)), browser(person)
    record = f"/records/{person.id}"
    for page, path, times in ((desk, record, 2), (own, "/history/", 1)):
        shown = page.get(path).text
        assert shown.count(ONLY) == times
        assert shown.count("<strong>DEMONSTRATION</strong>") == times
    mine.partial = mine.demonstration = False
    session.commit()
    assert ONLY not in desk.get(record).text


def test_nobody_is_sent_on_mission_with_a_certificate_that_no_longer_counts(
    mine: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, mine.person_id)
    session.commit()
    page, path = browser(person), f"/certificates/{mine.id}"
    assert "Your certificate is below" in page.get("/").text
    assert "no longer counts" not in page.get(path).text
    session.add(Withdrawal(certificate_id=mine.id, reason="error", withdrawn_at=NOW))
    session.commit()
    assert "Your certificate is below" not in page.get("/").text
    shown = page.get(path).text
    assert "This certificate no longer counts." in shown
    assert "Take it on paper" not in shown
    assert "/documents/" not in shown
