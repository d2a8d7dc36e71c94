"""The time line of an example person, by which a rule is understood at a glance. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from modules.requirements.validity import Span

TOUR = timedelta(days=180)
# The line goes on a little at both ends.
MARGIN = timedelta(days=15)
WIDTH = 300


@dataclass(frozen=True)
class Example:
    """The days of somebody whom a rule is about, and where they stand on the line."""

    starts_on: date
    ends_on: date
    due_on: date
    # Before this day it would be too old; None: it may be of any age.
    oldest_on: date | None
    # The last day on which it must count.
    counts_until: date

    def at(self, day: date) -> int:
        """Return how far along the line a day is."""
        first = min(self.due_on, self.oldest_on or self.due_on) - MARGIN
        last = self.ends_on + MARGIN
        return round(WIDTH * ((day - first) / (last - first)))


def example(span: Span, max_age_days: int | None, due_days_before: int, today: date) -> Example:
    """Return the days of somebody who leaves when there is time enough for everything."""
    age = timedelta(days=max_age_days or 0)
    before = timedelta(days=due_days_before)
    starts_on = today + max(age, before) + MARGIN
    ends_on = starts_on + TOUR
    return Example(
        starts_on,
        ends_on,
        starts_on - before,
        starts_on - age if max_age_days else None,
        ends_on if span is Span.TOUR else starts_on,
    )
