"""What a lesson page shows: the reader's own channels, ways past hard passages, languages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser, Page
from training.accounts.models import Person

SLUGS = ["power-and-consent", "the-six-rules", "report-and-protect", "command-duty"]
LANGUAGES = ["en", "nl"]
INSIDE, OUTSIDE = "Conduct focal point of the mission", "Inspector outside the chain of command"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.clock.now", lambda: NOW)


def referring(assignment: Assignment) -> str:
    """Return the address of the lesson that says where to report."""
    return f"/learn/{assignment.id}/lessons/conduct/report-and-protect"


def test_the_channels_are_those_of_the_readers_mission(
    make: Factory, page: Browser, person: Person, assignment: Assignment
) -> None:
    make.deployment(person, make.mission(name="Mission in Tarsa", referral="Clinic in Orvand"))
    shown = page.get(referring(assignment)).text
    for words in ("For Mission in Tarsa.", INSIDE, OUTSIDE, "Clinic in Orvand"):
        assert words in shown
    assert "Checked on 24 November 2026." in shown


def test_without_a_mission_the_channels_are_those_of_the_organisation(
    make: Factory, browser: Browsers, course: Course
) -> None:
    home = make.organisation(conduct_inside="Duty officer", conduct_outside="Inspector General")
    person = make.person(organisation=home)
    shown = browser(person).get(referring(make.assignment(person, course))).text
    assert "Duty officer" in shown
    assert "Inspector General" in shown
    assert "From your own organisation." in shown
    assert "Not checked yet." in shown


@pytest.mark.parametrize(
    ("tours", "shown"),
    [
        ({"past": (-300, -1)}, None),
        ({"ends today": (-100, 0)}, "ends today"),
        ({"later": (90, 200), "soon": (10, 80)}, "soon"),
        ({"past": (-300, -1), "next": (30, 90)}, "next"),
        ({"present": (-10, 60), "next": (61, 200)}, "present"),
    ],
)
def test_the_mission_is_the_present_one_or_else_the_next(
    make: Factory,
    page: Browser,
    person: Person,
    assignment: Assignment,
    tours: dict[str, tuple[int, int]],
    shown: str | None,
) -> None:
    for name, (first, last) in tours.items():
        make.deployment(
            person,
            make.mission(name=name),
            starts_on=TODAY + timedelta(days=first),
            ends_on=TODAY + timedelta(days=last),
        )
    text = page.get(referring(assignment)).text
    assert re.findall(r"For ([a-z ]+)\.", text) == ([shown] if shown else [])
    assert ("From your own organisation." in text) is (shown is None)


def test_a_changed_channel_is_shown_at_once(
    make: Factory, session: Session, page: Browser, person: Person, assignment: Assignment
) -> None:
    mission = make.mission()
    make.deployment(person, mission)
    page.get(referring(assignment))
    mission.conduct_outside = "The new inspector"
    session.commit()
    assert "The new inspector" in page.get(referring(assignment)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_past_a_passage_leads_somewhere_on_the_page(
    page: Browser, assignment: Assignment, language: str
) -> None:
    for slug in SLUGS:
        text = page.get(f"/learn/{assignment.id}/lessons/conduct/{slug}?in={language}").text
        shown = Page(text)
        targets = [link[1:] for link in shown.links if link.startswith("#")]
        assert set(targets) <= set(shown.ids)
        skips = re.findall(r'<a class="skip" href="#([^"]+)"', text)
        assert len(skips) == text.count('class="notice"') + text.count('class="sensitive"')
        for target in skips:
            # The way past ends after the passage, not inside or before it.
            assert text.index(f'id="{target}"') > text.rindex(f'href="#{target}"')


def test_a_lesson_with_a_hard_passage_says_so_before_it(
    page: Browser, assignment: Assignment
) -> None:
    text = page.get(f"/learn/{assignment.id}/lessons/conduct/power-and-consent").text
    assert 0 < text.index('class="notice"') < text.index('class="sensitive"')


@pytest.mark.parametrize(
    ("own", "wanted", "shown"),
    [
        ("en", "", "en"),
        ("nl", "", "nl"),
        ("nl", "?in=en", "en"),
        ("fr", "", "en"),
        ("fr", "?in=nl", "nl"),
        ("nl", "?in=fr", "nl"),
        ("en", "?in=xx", "en"),
    ],
)
def test_a_lesson_is_in_the_language_asked_for_or_the_readers_own(
    make: Factory, browser: Browsers, course: Course, own: str, wanted: str, shown: str
) -> None:
    person = make.person(language=own)
    assignment = make.assignment(person, course)
    text = browser(person).get(f"/learn/{assignment.id}/lessons/conduct/the-six-rules{wanted}").text
    title = {"en": "The six rules", "nl": "De zes regels"}[shown]
    assert f'<h1 lang="{shown}">{title}</h1>' in text
    assert f'<html lang="{own}"' in text
    assert f'hreflang="{shown}" aria-current="true"' in text


def test_content_that_nobody_approved_says_so_on_every_page(
    page: Browser, assignment: Assignment
) -> None:
    for path in ("", "lessons/conduct/the-six-rules"):
        shown = page.get(f"/learn/{assignment.id}/{path}").text
        assert "Not yet approved by a gender adviser" in shown
        assert "Version 0.1.0" in shown


def test_an_unfinished_course_says_which_modules_it_has(
    page: Browser, assignment: Assignment
) -> None:
    note = "This version is not the whole course. It contains: C6 Conduct: zero tolerance."
    assert note in page.get("/").text
    assert note in page.get(f"/learn/{assignment.id}/").text


def test_pictures_are_served_for_ever_and_by_nothing_but_their_own_name(
    page: Browser, browser: Browsers, assignment: Assignment
) -> None:
    text = page.get(f"/learn/{assignment.id}/lessons/conduct/report-and-protect").text
    address = re.search(r'src="(/assets/[0-9a-f]+)\.svg"', text)
    assert address
    picture = browser(None).get(f"{address[1]}.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "immutable" in picture.headers["Cache-Control"]
    page.get(f"{address[1]}.png", expect=404)
    page.get("/assets/00.svg", expect=404)
