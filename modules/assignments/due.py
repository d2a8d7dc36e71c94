"""On which days somebody is reminded of what is due. Pure."""

from datetime import date, timedelta

# So many days before the due date, and on the day after it.
DAYS = (30, 14, 7, 1, -1)
# A worker that stood still for a weekend catches up; what is longer past is skipped.
CATCH_UP = timedelta(days=2)


def reminder(due_on: date, assigned_on: date, today: date) -> int | None:
    """Return of which of `DAYS` somebody is to be reminded today; -1 says that they are late.

    Days which had passed already when the course was assigned are skipped.
    """
    for days in reversed(DAYS):  # Who is late is not told that a day is left.
        day = due_on - timedelta(days=days)
        if assigned_on < day <= today <= day + CATCH_UP:
            return days
    return None
