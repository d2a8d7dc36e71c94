"""In which language a page is, and how dates are written in it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.conftest import embedded
from training import clock, i18n

pytestmark = [embedded, pytest.mark.usefixtures("databases")]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("nl", "nl"),
        ("fr-BE,en;q=0.5", "fr"),
        ("de", "en"),
        ("de,nl;q=0.5", "nl"),
        ("", "en"),
        ("*", "en"),
        ("x" * 999, "en"),
        ("NL-be", "nl"),
    ],
)
def test_a_stranger_reads_the_language_the_browser_asks_for(
    asked: str, given: str, browser: Browsers
) -> None:
    text = browser(None).get("/sign-in", headers={"Accept-Language": asked}).text
    assert f'<html lang="{given}"' in text


def test_a_person_reads_their_own_language_and_changes_it_for_good(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person(language="nl")
    page = browser(person)
    dutch = {"Accept-Language": "fr"}
    assert '<html lang="nl"' in page.get("/", headers=dutch).text
    page.post("/language", {"language": "fr", "next": "/verify?number=A"})
    assert '<html lang="fr"' in browser(person).get("/").text
    session.refresh(person)
    assert person.language == "fr"


def test_a_stranger_who_chose_keeps_the_choice(browser: Browsers) -> None:
    page = browser(None)
    page.post("/language", {"language": "fr", "next": "/sign-in"})
    assert '<html lang="fr"' in page.get("/sign-in", headers={"Accept-Language": "nl"}).text


@pytest.mark.parametrize("language", ["", "de", "en\0", "../en", "EN"])
def test_a_language_that_is_not_there_is_refused(language: str, browser: Browsers) -> None:
    browser(None).post("/language", {"language": language}, expect=400)


@pytest.mark.parametrize(
    ("page", "wanted", "given"),
    [
        ("fr", None, "en"),
        ("nl", None, "nl"),
        ("fr", "nl", "nl"),
        ("nl", "de", "nl"),
        ("nl", "", "nl"),
    ],
)
def test_content_is_in_the_language_asked_for_or_else_the_nearest(
    page: str, wanted: str | None, given: str, app: Flask
) -> None:
    with app.test_request_context(headers={"Accept-Language": page}):
        assert i18n.content_language(wanted) == given


def test_dates_are_written_out_in_the_language_of_the_page(app: Flask) -> None:
    written = {}
    for language in i18n.LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": language}):
            written[language] = [i18n.day(date(2027, 3, 1)), i18n.day(date(2027, 3, 3))]
    assert written == {
        "en": ["1 March 2027", "3 March 2027"],
        "nl": ["1 maart 2027", "3 maart 2027"],
        "fr": ["1er mars 2027", "3 mars 2027"],
    }


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), "Europe/Amsterdam", date(2026, 11, 24)),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), "Europe/Amsterdam", date(2026, 11, 25)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "Europe/Amsterdam", date(2026, 7, 2)),
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 23)),
    ],
)
def test_a_date_is_the_date_where_the_organisation_is(
    instant: datetime, zone: str, day: date
) -> None:
    assert clock.day_at(instant, zone) == day


def test_the_clock_knows_its_zone() -> None:
    assert clock.now().tzinfo is UTC
