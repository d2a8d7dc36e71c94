"""What a new version does to readers: wording moves them along, content asks them to read."""

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
