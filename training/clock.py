"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def day_at(instant: datetime, zone: str) -> date:
    """Return the calendar date of an instant in a time zone, e.g. `Europe/Amsterdam`."""
    return instant.astimezone(ZoneInfo(zone)).date()
