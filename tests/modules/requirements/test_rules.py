"""Whom a requirement is about, and by when it is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.requirements.rules import (
    Post,
    Who,
    due_on,
    is_short_notice,
    refresher_due_on,
)

POST = Post("un", 3, "police", ["community_facing", "gfp"], "middle")


@pytest.mark.parametrize(
    ("who", "included"),
    [
        (Who(), True),
        (Who(frameworks=["un", "eu"]), True),
        (Who(frameworks=["nato"]), False),
        (Who(mission_id=3), True),
        (Who(mission_id=4), False),
        (Who(categories=["police"]), True),
        (Who(categories=["military"]), False),
        (Who(functions=["gfp", "genad"]), True),  # One of them is enough.
        (Who(functions=["genad"]), False),
        (Who(rank_bands=["middle"]), True),
        (Who(rank_bands=["senior"]), False),
        (Who(frameworks=["un"], categories=["military"]), False),  # All that is said must hold.
    ],
)
def test_a_requirement_is_about_whoever_it_names(who: Who, included: bool) -> None:  # noqa: FBT001
    assert who.includes(POST) is included


def test_a_rank_that_is_not_known_is_in_no_band() -> None:
    unknown = Post("un", 3, "police", [], None)
    assert not Who(rank_bands=["senior"]).includes(unknown)
    assert Who().includes(unknown)


@pytest.mark.parametrize(
    ("starts_on", "before", "assigned_on", "due"),
    [
        (date(2027, 3, 1), 14, date(2027, 1, 1), date(2027, 2, 15)),
        # Never earlier than two days after assigning.
        (date(2027, 3, 1), 14, date(2027, 2, 20), date(2027, 2, 22)),
        # Never later than the day before the departure.
        (date(2027, 3, 1), 14, date(2027, 2, 27), date(2027, 2, 28)),
        (date(2027, 3, 1), 14, date(2027, 2, 28), date(2027, 2, 28)),
        # Who has left already gets two days.
        (date(2027, 3, 1), 14, date(2027, 3, 1), date(2027, 3, 3)),
        (date(2027, 3, 1), 14, date(2027, 4, 1), date(2027, 4, 3)),
    ],
)
def test_the_due_date_leaves_two_days_and_is_before_the_departure(
    starts_on: date, before: int, assigned_on: date, due: date
) -> None:
    assert due_on(starts_on, before, assigned_on) == due


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 400), st.dates())
def test_whoever_has_not_left_is_due_before_they_leave(
    starts_on: date, before: int, assigned_on: date
) -> None:
    if assigned_on < starts_on:
        assert assigned_on <= due_on(starts_on, before, assigned_on) < starts_on


def test_a_refresher_is_due_thirty_days_before_it_lapses() -> None:
    assert refresher_due_on(date(2027, 6, 30), date(2027, 3, 1)) == date(2027, 5, 31)
    assert refresher_due_on(date(2027, 6, 30), date(2027, 6, 20)) == date(2027, 6, 22)


def test_short_notice_is_a_departure_within_fourteen_days() -> None:
    today = date(2027, 2, 1)
    assert is_short_notice(date(2027, 2, 15), today)
    assert not is_short_notice(date(2027, 2, 16), today)
    assert not is_short_notice(date(2027, 1, 31), today)
