"""When what a learner asked their trainer goes to HR as well. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


def goes_to_hr_at(asked_at: datetime, zone: str) -> datetime:
    """Return when a working day has passed since: the same hour of the next working day.

    What is asked in a weekend counts from the first hour of Monday.
    """
    there = asked_at.astimezone(ZoneInfo(zone))
    day, hour = there.date(), there.time()
    if day.weekday() >= SATURDAY:
        day, hour = _working(day), time()
    return datetime.combine(_working(day + DAY), hour, ZoneInfo(zone))


def _working(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += DAY
    return day
