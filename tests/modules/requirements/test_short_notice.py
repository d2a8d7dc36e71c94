"""Whoever leaves within fourteen days sees what comes first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import DAY, Ruler, Sender
from training import clock
from training.accounts.models import Person
from training.missions.models import Deployment


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "You leave today."), (1, "You leave in 1 day."), (14, "You leave in 14 days.")],
)
def test_who_leaves_within_fourteen_days_is_told_what_comes_first(
    rule: Ruler,
    send: Sender,
    person: Person,
    browser: Browsers,
    days: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    rule()
    send(person, starts_on=TODAY + days * DAY)
    shown = browser(person).get("/").text
    assert said in shown
    assert "Begin with the lessons on conduct." in shown


def test_who_leaves_later_or_has_finished_is_not(
    rule: Ruler,
    send: Sender,
    person: Person,
    browser: Browsers,
    make: Factory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    rule()
    send(person, starts_on=TODAY + 15 * DAY)
    assert "You leave in" not in browser(person).get("/").text
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    assert "You leave in 14 days." in browser(person).get("/").text
    for given in make.rows(select(Assignment)):
        make.session.get_one(Assignment, given.id).completed_at = NOW
    make.session.commit()
    assert "You leave in" not in browser(person).get("/").text


def test_who_was_given_a_course_by_hand_is_told_all_the_same(
    send: Sender,
    person: Person,
    browser: Browsers,
    make: Factory,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    make.assignment(person, course, due_on=TODAY + 24 * DAY)
    send(person, starts_on=TODAY - 40 * DAY, ends_on=TODAY - 9 * DAY)
    sent = send(person, starts_on=TODAY + 8 * DAY)
    shown = browser(person)
    assert "You leave in 8 days." in shown.get("/").text
    make.session.get_one(Deployment, sent.id).cancelled_at = NOW
    make.session.commit()
    assert "You leave in" not in shown.get("/").text
