"""What a new version does to readers: wording moves them along, content asks them to read."""

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion
from modules.learning import services
from modules.learning.models import Reading
from tests.editions import MARK, publish_edition
from tests.factories import NOW, Factory
from tests.pages import Browser

FIRST = "lessons/conduct/power-and-consent"


def test_new_words_are_shown_at_once_and_what_was_read_stays_read(
    app: Flask, make: Factory, page: Browser, assignment: Assignment, tmp_path: Path
) -> None:
    for slug in ("power-and-consent", "the-six-rules"):
        page.post(f"/learn/{assignment.id}/lessons/conduct/{slug}")
    assert MARK not in page.get(f"/learn/{assignment.id}/{FIRST}").text
    publish_edition(app, tmp_path / "curriculum", "0.1.1", reworded=True)
    shown = page.get(f"/learn/{assignment.id}/{FIRST}").text
    assert MARK in shown
    assert "Version 0.1.1" in shown
    contents = page.get(f"/learn/{assignment.id}/").text
    assert contents.count('<li class="read">') == 2
    assert "Continue reading" in contents
    for slug in ("report-and-protect", "command-duty"):
        page.post(f"/learn/{assignment.id}/lessons/conduct/{slug}")
    assert "You can take the test." in page.get(f"/learn/{assignment.id}/").text
    assert len(make.rows(select(Reading))) == 4


def test_reading_a_lesson_again_in_new_words_counts_once(
    app: Flask, make: Factory, page: Browser, assignment: Assignment, tmp_path: Path
) -> None:
    page.post(f"/learn/{assignment.id}/{FIRST}")
    publish_edition(app, tmp_path / "curriculum", "0.1.1", reworded=True)
    page.post(f"/learn/{assignment.id}/{FIRST}")
    assert page.get(f"/learn/{assignment.id}/").text.count('<li class="read">') == 1


def test_new_content_has_to_be_read(
    app: Flask, make: Factory, page: Browser, assignment: Assignment, tmp_path: Path
) -> None:
    make.read_all(assignment)
    publish_edition(app, tmp_path / "curriculum", "0.2.0")
    contents = page.get(f"/learn/{assignment.id}/").text
    assert '<li class="read">' not in contents
    assert "Start reading" in contents
    assert len(make.rows(select(Reading))) == 4  # What was read is kept.


def the_form(text: str) -> dict[str, str]:
    """Return what the form of a lesson page sends along."""
    return {"lesson": re.findall(r'name="lesson" value="(\d+)"', text)[0]}


def test_new_content_under_an_open_page_is_shown_before_it_is_ticked(
    app: Flask, make: Factory, page: Browser, assignment: Assignment, tmp_path: Path
) -> None:
    path = f"/learn/{assignment.id}/{FIRST}"
    opened = the_form(page.get(path).text)
    publish_edition(app, tmp_path / "curriculum", "0.2.0", reworded=True)
    assert page.post(path, opened).location == path
    assert make.rows(select(Reading)) == []
    again = page.get(path).text
    assert "This lesson has changed since you opened it." in again
    assert MARK in again
    assert page.post(path, the_form(again)).location != path
    assert len(make.rows(select(Reading))) == 1


def test_new_words_under_an_open_page_let_its_reader_go_on(
    app: Flask, make: Factory, page: Browser, assignment: Assignment, tmp_path: Path
) -> None:
    path = f"/learn/{assignment.id}/{FIRST}"
    opened = the_form(page.get(path).text)
    publish_edition(app, tmp_path / "curriculum", "0.1.1", reworded=True)
    assert page.post(path, opened).location != path
    assert page.get(f"/learn/{assignment.id}/").text.count('<li class="read">') == 1


def test_the_page_of_one_lesson_does_not_tick_another(
    make: Factory, page: Browser, assignment: Assignment
) -> None:
    opened = the_form(page.get(f"/learn/{assignment.id}/lessons/conduct/the-six-rules").text)
    path = f"/learn/{assignment.id}/{FIRST}"
    for lesson in (opened["lesson"], "0", "99999"):
        assert page.post(path, {"lesson": lesson}).location == path
    assert make.rows(select(Reading)) == []


def test_a_version_number_that_only_begins_alike_is_another_version(
    app: Flask,
    session: Session,
    make: Factory,
    page: Browser,
    assignment: Assignment,
    tmp_path: Path,
) -> None:
    make.read_all(assignment)
    publish_edition(app, tmp_path / "curriculum", "0.11.0")
    assert len(make.rows(select(CourseVersion))) == 2
    assert '<li class="read">' not in page.get(f"/learn/{assignment.id}/").text
    services.tick(session, assignment.id, make.rows(select(Reading.lesson_id))[0], at=NOW)
    session.commit()
    assert '<li class="read">' not in page.get(f"/learn/{assignment.id}/").text
