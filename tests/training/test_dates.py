"""Adding months to a date: the same day of the month, else its last day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.clock import add_months

DAYS = st.dates(date(2000, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(0, 1200)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 11, 24), 36, date(2029, 11, 24)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),  # 2100 is no leap year.
        (date(2026, 5, 17), 0, date(2026, 5, 17)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


@given(day=DAYS, months=MONTHS)
def test_the_first_of_a_month_stays_the_first(day: date, months: int) -> None:
    later = add_months(day.replace(day=1), months)
    assert later.day == 1
    assert (later.year - day.year) * 12 + later.month - day.month == months


@given(day=DAYS, months=MONTHS)
def test_the_month_is_always_the_one_asked_for(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(day=DAYS, other=DAYS, months=MONTHS)
def test_an_earlier_date_never_becomes_the_later_one(day: date, other: date, months: int) -> None:
    first, second = sorted((day, other))
    assert add_months(first, months) <= add_months(second, months)
