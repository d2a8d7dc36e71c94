"""The pocket card: what to do and where to report, for whoever goes, on the phone and on paper."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Browsers, Worker
from tests.factories import NOW, TODAY, Factory
from training import clock
from training.missions.models import Mission, PocketCard

DAY = timedelta(days=1)
CARD = "/pocket-card/"
FILE = "/pocket-card/pocket-card.pdf"


def test_the_first_page_leads_to_the_card(browser: Browsers, make: Factory) -> None:
    assert f'href="{CARD}"' in browser(make.person()).get("/").text


def test_the_card_shows_what_to_do_and_every_channel_with_the_day_it_was_checked(
    browser: Browsers, make: Factory
) -> None:
    person = make.person()
    mission = make.mission(hand_over="Duty officer", hand_over_checked_on=TODAY - DAY)
    make.deployment(person, mission)
    page = browser(person).get(CARD).text
    assert "A suspicion is enough." in page
    assert "Inspector outside the chain of command" in page
    assert "Hand-over for a defender at risk" in page
    assert "Checked on 23 November 2026." in page
    assert mission.name not in page.split("<title>")[1].split("</title>")[0]


def test_the_card_is_made_as_a_sheet_of_a6_in_the_language_of_its_reader(
    browser: Browsers, make: Factory, worker: Worker
) -> None:
    person = make.person(language="nl")
    make.deployment(person, make.mission(name="Silent Heron", referral="Clinic in Orvand"))
    page = browser(person)
    page.get(FILE, expect=404)
    for _time in range(2):
        page.post(f"{CARD}paper")
    assert len(make.rows(select(PocketCard))) == 1
    worker()
    answer = page.get(FILE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pocket-card.pdf"'
    read = PdfReader(io.BytesIO(answer.data))
    width, height = (round(float(side) / 72 * 25.4) for side in read.pages[0].mediabox[2:])
    assert (width, height) == (105, 148)
    text = " ".join(sheet.extract_text() for sheet in read.pages)
    assert "Clinic in Orvand" in text
    assert str(read.root_object["/Lang"]) == "nl"
    assert "Heron" not in str(read.metadata)


def test_a_card_is_shared_by_those_of_one_mission_and_made_anew_when_a_channel_changes(
    browser: Browsers, make: Factory, worker: Worker, mission: Mission
) -> None:
    home = make.organisation()
    first, second = make.person(organisation=home), make.person(organisation=home)
    for person in (first, second):
        make.deployment(person, mission)
    browser(first).post(f"{CARD}paper")
    worker()
    browser(second).get(FILE)
    browser(make.person()).get(FILE, expect=404)
    mission.referral = "Another clinic"
    make.session.commit()
    browser(first).get(FILE, expect=404)


def test_a_card_is_forgotten_after_a_month(
    browser: Browsers, make: Factory, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser(make.person()).post(f"{CARD}paper")
    monkeypatch.setattr(clock, "now", lambda: NOW + 31 * DAY)
    worker()
    assert make.rows(select(PocketCard)) == []
