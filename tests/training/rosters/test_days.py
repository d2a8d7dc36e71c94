"""Days: every way in which an office writes one, and what is no day at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.rosters import days

TODAY = date(2026, 11, 24)
MARCH = date(2027, 3, 1)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
TABLE = {
    "2027-03-01": MARCH,
    "2027-03-01 00:00:00": MARCH,
    "2027/3/1": MARCH,
    "20270301": MARCH,
    "1-3-2027": MARCH,
    "01-03-27": MARCH,
    "1.3.2027": MARCH,
    "1 3 2027": MARCH,
    "01/03/2027": MARCH,
    "03/25/2027": date(2027, 3, 25),
    "25/03/2027": date(2027, 3, 25),
    "1 mrt 2027": MARCH,
    "1 mrt. '27": MARCH,
    "1 maart 2027": MARCH,
    "maandag 1 maart 2027": MARCH,
    "ma 1-mrt-2027": MARCH,
    "1 March 2027": MARCH,
    "March 1, 2027": MARCH,
    "1st March 2027": MARCH,
    "01MAR27": MARCH,
    "1er mars 2027": MARCH,
    "15 août 2027": date(2027, 8, 15),
    "1 maart": MARCH,
    "46447": MARCH,
    "46447,5": MARCH,
    "29 feb": date(2028, 2, 29),
}
WEEKS = {
    "wk 12 2027": (date(2027, 3, 22), date(2027, 3, 28)),
    "week 12 2027": (date(2027, 3, 22), date(2027, 3, 28)),
    "Week 12-2027": (date(2027, 3, 22), date(2027, 3, 28)),
    "wk12": (date(2027, 3, 22), date(2027, 3, 28)),
    "w 12 '27": (date(2027, 3, 22), date(2027, 3, 28)),
    "2027-W12": (date(2027, 3, 22), date(2027, 3, 28)),
    "2027 week 1": (date(2027, 1, 4), date(2027, 1, 10)),
    "wk 53": (date(2026, 12, 28), date(2027, 1, 3)),
    "wk 48": (date(2027, 11, 29), date(2026, 11, 29)),
}
NO_DAYS = (
    "", "nader te bepalen", "31-02-2027", "2027-13-01", "32 maart 2027", "wk 54 2027", "wk 0",
    "wk 53 2027", "1 foo 2027", "12", "1-3", "0.5", "29-02-2027", "13/13/2027", "1-3-1999",
    "2111-01-01", "week", "maart 2027", "99999", "12345678901234567890", "\u0661-3-2027x",
)  # fmt: skip


@pytest.mark.parametrize("text", TABLE)
def test_a_day_is_read_in_any_way_of_writing(text: str) -> None:
    assert days.read(text, TODAY).on == TABLE[text]


@pytest.mark.parametrize("text", WEEKS)
def test_a_week_begins_on_its_monday_and_ends_on_its_sunday(text: str) -> None:
    first, last = WEEKS[text]
    assert days.read(text, TODAY).on == first
    assert days.read(text, TODAY, last=True).on == last


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(days.Unreadable):
        days.read(text, TODAY)


def test_only_what_could_be_read_in_two_ways_is_told() -> None:
    assert days.read("03/04/2027", TODAY) == (date(2027, 4, 3), days.DAY_FIRST)
    for text in ("3-4-2027", "13/04/2027", "04/13/2027", "04/04/2027", "3 april 2027"):
        assert days.read(text, TODAY).note == ""
    assert days.read("wk 12", TODAY).note == days.NO_YEAR


@given(DAYS)
def test_every_way_of_writing_a_day_reads_as_that_day(day: date) -> None:
    serial = str((day - days.SERIAL_ZERO).days)
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d %B %Y}",
        serial,
    ):
        assert days.read(text, TODAY).on == day
    year, week, weekday = day.isocalendar()
    if year in days.YEARS:
        monday = day - timedelta(days=weekday - 1)
        if monday.year in days.YEARS:
            assert days.read(f"wk {week} {year}", TODAY).on == monday


@given(st.integers(1, 52), DAYS)
def test_a_week_without_a_year_is_the_next_one(week: int, after: date) -> None:
    found = days.read(f"week {week}", after.replace(year=min(after.year, 2097))).on
    after = after.replace(year=min(after.year, 2097))
    assert after <= found <= after + timedelta(days=371)
    assert found.isocalendar()[1:] == (week, 1)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        found = days.read(text, TODAY)
    except days.Unreadable:
        return
    assert found.on.year in days.YEARS
