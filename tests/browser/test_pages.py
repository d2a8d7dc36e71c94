"""Every kind of page that people of the demonstration can reach: on a phone and at 200 % zoom."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.attempts.models import Attempt, Status
from tests.browser.conftest import PASSWORD, Joiner, Opener
from tests.browser.window import SIDEWAYS, Window
from tests.editions import SHIPPED
from tests.factories import Factory
from training import clock
from training.accounts import demonstration, passwords
from training.accounts.models import Person
from training.parts import registered

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PHONE = {"width": 360, "height": 740}
# A window of 1280 x 800 at 200 % lays pages out in as many pixels of its own.
ZOOMED = {"width": 640, "height": 400}
NO_PAGE = re.compile(r"^/(static|assets)/|\.(pdf|csv|xlsx)(\?|$)")


@pytest.fixture
def filled(app: Flask, course: Course) -> None:
    """Fill the demonstration."""
    with app.app_context():
        for part in registered():
            if part.demonstrate:
                part.demonstrate(clock.now())


def test_every_kind_of_page_fits_a_phone_and_scrolls_one_way_at_200_per_cent(
    filled: None, window: Opener, session: Session
) -> None:
    seen: set[str] = set()
    # One phone goes from hand to hand: a new one would load every file again.
    phone = window(**PHONE)
    for person in demonstration.SHOWN:
        phone.context.clear_cookies()
        phone.page.goto("/sign-in")
        phone.send(f"form:has([value='{person['user_name']}']) button")
        visit_all(phone, seen)
    for name in one_of_each_status(session):
        phone.context.clear_cookies()
        phone.page.goto("/sign-in")
        phone.page.fill("#user_name", name)
        phone.page.fill("#password", PASSWORD)
        phone.send("form.card button")
        visit_all(phone, seen)
    assert {"/attempts/0/conduct-check", "/certificates/0/name", "/people/0/edit"} <= seen


def test_a_lesson_is_printed_with_its_questions_and_without_their_answers(
    make: Factory, course: Course, join: Joiner, window: Opener
) -> None:
    person = join()
    assignment = make.assignment(person, course)
    wide = window()
    wide.page.goto("/sign-in")
    wide.page.fill("#user_name", person.user_name)
    wide.page.fill("#password", PASSWORD)
    wide.send("form.card button")
    wide.open(f"/learn/{assignment.id}/lessons/conduct/report-and-protect")
    wide.page.emulate_media(media="print")
    assert wide.page.locator(".check summary").first.is_visible()
    for left_out in (".check details p", ".lesson .skip", ".onward", ".menu", ".colophon .line"):
        assert not wide.page.locator(left_out).first.is_visible(), left_out


def one_of_each_status(session: Session) -> list[str]:
    """Give somebody in each stage of the test a password, and return their user names."""
    mine = select(Person).join(Assignment, Assignment.person_id == Person.id)
    tried = mine.join(Attempt, Attempt.assignment_id == Assignment.id)
    queries = [tried.where(Attempt.status == status) for status in Status]
    unnamed = select(Certificate.person_id).where(Certificate.issued_at.is_(None))
    queries.append(select(Person).where(Person.id.in_(unnamed)))
    people = [session.scalars(query.order_by(Person.id)).all()[0] for query in queries]
    hashed = passwords.hash_secret(PASSWORD, fast=True)
    for person in people:
        person.password_hash = hashed
    session.commit()
    return [person.user_name for person in people]


def visit_all(window: Window, seen: set[str]) -> None:
    """Open a page of every kind that links lead to."""
    seen.discard("/")
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if NO_PAGE.search(path) or kind(path) in seen:
            continue
        seen.add(kind(path))
        window.open(path)
        window.page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        assert window.page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at 200 %: {path}"
        window.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        waiting += links(window)


def kind(path: str) -> str:
    """Return what pages of one kind have in common: numbers and queries do not count."""
    return re.sub(r"\d+", "0", urlsplit(path).path)


def links(window: Window) -> list[str]:
    """Return the addresses on this site that the page leads to."""
    hrefs = "links => links.map(link => link.getAttribute('href'))"
    found: list[str] = window.page.eval_on_selector_all("a[href^='/']", hrefs)
    return found


def test_a_word_opens_its_meaning_by_keyboard_without_script_and_is_printed_at_the_end(
    app: Flask, make: Factory, course: Course, join: Joiner, window: Opener, tmp_path: Path
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], curriculum=tmp_path)
    shutil.copy(SHIPPED / "glossary.toml", tmp_path)
    person = join()
    assignment = make.assignment(person, course)
    phone = window(360, 740, java_script_enabled=False)
    phone.page.goto("/sign-in")
    phone.page.fill("#user_name", person.user_name)
    phone.page.fill("#password", PASSWORD)
    phone.send("form.card button")
    phone.page.goto(f"/learn/{assignment.id}/lessons/conduct/report-and-protect")
    phone.page.locator("button.word").first.press("Enter")
    meaning = phone.page.locator(".meaning:popover-open")
    box = meaning.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    phone.page.keyboard.press("Escape")
    assert meaning.count() == 0
    phone.page.emulate_media(media="print")
    assert phone.page.locator("button.word").first.is_visible()
    assert not phone.page.locator(".meaning").first.is_visible()
    assert phone.page.locator(".words details p").first.is_visible()
