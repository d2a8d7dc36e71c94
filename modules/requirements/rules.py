"""Whom a requirement is about, and by when it is to be met. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# Nobody is given less than this, unless they leave sooner.
SOONEST = timedelta(days=2)
DAY = timedelta(days=1)
# The refresher of what lapses during a tour is due this long before it does.
REFRESH = timedelta(days=30)
SHORT_NOTICE = timedelta(days=14)
# Minutes; nobody learns more than this on one day.
FULL_DAY = 480


@dataclass(frozen=True)
class Post:
    """What somebody is on a mission; the values are those of the enumerations."""

    framework: str
    mission_id: int
    category: str
    functions: Collection[str]
    rank_band: str | None


@dataclass(frozen=True)
class Who:
    """Whom a requirement is about; an empty collection means everybody."""

    frameworks: Collection[str] = ()
    mission_id: int | None = None
    categories: Collection[str] = ()
    functions: Collection[str] = ()
    rank_bands: Collection[str] = ()

    def includes(self, post: Post) -> bool:
        """Tell whether somebody on this post is meant."""
        return (
            _among(self.frameworks, [post.framework])
            and self.mission_id in (None, post.mission_id)
            and _among(self.categories, [post.category])
            and _among(self.functions, post.functions)
            and _among(self.rank_bands, [post.rank_band])
        )


def _among(wanted: Collection[str], found: Iterable[str | None]) -> bool:
    return not wanted or any(each in wanted for each in found)


def due_on(starts_on: date, days_before: int, assigned_on: date) -> date:
    """Return by when something is due that must be done so many days before the departure.

    Never earlier than two days after it was assigned, and never later than the day before the
    departure; for those who have left already it is two days after it was assigned.
    """
    soonest = assigned_on + SOONEST
    if starts_on <= assigned_on:
        return soonest
    wanted = max(starts_on - timedelta(days=days_before), soonest)
    return min(wanted, starts_on - DAY)


def refresher_due_on(lapses_on: date, assigned_on: date) -> date:
    """Return by when what lapses during a tour is to be refreshed."""
    return max(lapses_on - REFRESH, assigned_on + SOONEST)


def is_short_notice(starts_on: date, today: date) -> bool:
    """Tell whether somebody leaves so soon that they get the short set first."""
    return today <= starts_on <= today + SHORT_NOTICE
