"""The first page: in which order the courses of a person stand."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.editions import publish_without_conduct
from tests.factories import TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Person

CONDUCT = ("power-and-consent", "the-six-rules", "report-and-protect", "command-duty")


@pytest.fixture
def task(
    app: Flask, make: Factory, course: Course, person: Person, tmp_path: Path
) -> tuple[Assignment, Assignment]:
    """Return the assignments of a course with conduct, and of one without that is due sooner."""
    publish_without_conduct(app, tmp_path / "curriculum")
    other = make.session.scalars(select(Course).where(Course.slug == "task")).one()
    make.session.commit()
    later, sooner = TODAY + timedelta(days=30), TODAY + timedelta(days=3)
    return (
        make.assignment(person, course, due_on=later),
        make.assignment(person, other, due_on=sooner),
    )


def in_order(page: Browser) -> list[int]:
    """Return the assignments as the first page has them."""
    links = re.findall(r'href="/learn/(\d+)/">See everything', page.get("/").text)
    return [int(number) for number in links]


def test_conduct_stands_first_until_it_is_read_and_then_what_is_due_first(
    page: Browser, task: tuple[Assignment, Assignment]
) -> None:
    conduct, sooner = task
    assert in_order(page) == [conduct.id, sooner.id]
    for slug in CONDUCT:
        page.post(f"/learn/{conduct.id}/lessons/conduct/{slug}")
    assert in_order(page) == [sooner.id, conduct.id]
