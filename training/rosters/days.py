"""Days as offices write them: figures, names of months, serial numbers, weeks. Pure."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from training.accounts.names import fold
from training.errors import spoken

# Day 0 of a spreadsheet, which believes that 1900 was a leap year.
SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(36_526, 73_415)  # From 2000 to 2100.
YEARS = range(2000, 2100)
MONTHS_IN_YEAR = 12
SUNDAY = 7
MONTHS = (
    "jan january januari janvier janv", "feb february februari fevrier fevr fev",
    "mar march maart mrt mars", "apr april avril avr", "may mei mai", "jun june juni juin",
    "jul july juli juillet juil", "aug august augustus aout",
    "sep sept september septembre", "oct okt october oktober octobre",
    "nov november novembre", "dec december decembre",
)  # fmt: skip
MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]\d.*)?")
COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
FIGURES = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2'?(\d{4}|\d{2})(?: \d{1,2}:.*)?")
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
WEEK = re.compile(r"(?:w|wk|week|weeknr|weeknummer|sem|semaine) ?(\d{1,2})(?: (\d{4}|\d{2}))?")
YEAR_WEEK = re.compile(r"(\d{4}) ?(?:w|wk|week) ?(\d{1,2})")
DAY_MONTH = re.compile(
    r"(?:[a-z]+ )?(\d{1,2})(?:e|de|ste|st|nd|rd|th|er)? ?([a-z]+)(?: ?(\d{4}|\d{2}))?"
)
MONTH_DAY = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}|\d{2}))?")
DAY_FIRST = spoken("A day such as 03/04/2027 was read with the day first, then the month.")
NO_YEAR = spoken("A day without a year was read as the next one.")
UNREADABLE = spoken("This is not a day that can be read. Write it as 2027-03-01.")
FAR = spoken("The year of this day is not between 2000 and 2099.")


class Unreadable(Exception):
    """A text that is no day, with the reason."""


class Day(NamedTuple):
    """A day that was read, and what somebody should know of how."""

    on: date
    note: str = ""


def read(text: str, after: date, *, last: bool = False) -> Day:
    """Return the day of a text; of a week its Monday, or as a last day its Sunday.

    Without a year it is the next one that is not before `after`. Raises `Unreadable`.
    """
    text = text.strip()
    for form in (_iso, _compact, _figures, _serial):
        if (found := form(text)) is not None:
            return _within(found)
    found = _week(fold(text), after, last=last) or _named(fold(text), after)
    if found is None:
        raise Unreadable(UNREADABLE)
    return _within(found)


def _within(found: Day) -> Day:
    if found.on.year not in YEARS:
        raise Unreadable(FAR)
    return found


def _iso(text: str) -> Day | None:
    match = ISO.fullmatch(text)
    return Day(_day(*map(int, match.groups()))) if match else None


def _compact(text: str) -> Day | None:
    match = COMPACT.fullmatch(text)
    return Day(_day(*map(int, match.groups()))) if match else None


def _figures(text: str) -> Day | None:
    match = FIGURES.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    if first <= MONTHS_IN_YEAR < second:
        return Day(_day(year, first, second))  # Only an American can have written it.
    doubtful = match[2] == "/" and first <= MONTHS_IN_YEAR and first != second
    return Day(_day(year, second, first), DAY_FIRST if doubtful else "")


def _serial(text: str) -> Day | None:
    match = SERIAL.fullmatch(text)
    if match is None or int(match[1]) not in SERIALS:
        return None
    return Day(SERIAL_ZERO + timedelta(days=int(match[1])))


def _week(text: str, after: date, *, last: bool) -> Day | None:
    if match := YEAR_WEEK.fullmatch(text):
        year, week = match[1], int(match[2])
    elif match := WEEK.fullmatch(text):
        year, week = match[2], int(match[1])
    else:
        return None
    weekday = SUNDAY if last else 1
    return _dated(lambda number: date.fromisocalendar(number, week, weekday), year, after)


def _named(text: str, after: date) -> Day | None:
    if (match := DAY_MONTH.fullmatch(text)) and match[2] in MONTH:
        day, month, year = int(match[1]), MONTH[match[2]], match[3]
    elif (match := MONTH_DAY.fullmatch(text)) and match[1] in MONTH:
        day, month, year = int(match[2]), MONTH[match[1]], match[3]
    else:
        return None
    return _dated(lambda number: date(number, month, day), year, after)


def _dated(of_year: Callable[[int], date], year: str | None, after: date) -> Day:
    if year:
        return Day(_checked(of_year, _year(year)))
    # Week 53 and 29 February are not in every year.
    for number in range(after.year - 1, after.year + 9):
        try:
            found = of_year(number)
        except ValueError:
            continue
        if found >= after:
            return Day(found, NO_YEAR)
    raise Unreadable(UNREADABLE)


def _checked(of_year: Callable[[int], date], year: int) -> date:
    try:
        return of_year(year)
    except ValueError as error:
        raise Unreadable(UNREADABLE) from error


def _day(year: int, month: int, day: int) -> date:
    return _checked(lambda number: date(number, month, day), year)


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 - two figures of four
