"""What somebody is to be given because of a rule, and by when. Pure."""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from modules.requirements.rules import FULL_DAY, SOONEST, due_on, refresher_due_on
from modules.requirements.validity import Held, Rule, Standing, Tour, judge

# A refresher is given when it is due within this time.
AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Want:
    """A rule asks a course of somebody on a deployment."""

    requirement_id: int
    course_id: int
    deployment_id: int
    starts_on: date
    days_before: int
    # What is held counts on the start date, and no longer on this day of the tour.
    lapses_on: date | None
    # Whether to give it now, if they do not have it yet.
    now: bool

    def due_on(self, assigned_on: date) -> date:
        """Return by when it is due for somebody who was given it on a day."""
        if self.lapses_on is not None:
            return refresher_due_on(self.lapses_on, assigned_on)
        return due_on(self.starts_on, self.days_before, assigned_on)


def want(
    rule: Rule,
    days_before: int,
    tour: Tour,
    held: Sequence[Held],
    fresh: Callable[[], Held],
    today: date,
) -> Want | None:
    """Return what a rule asks of somebody; None when they have all of it, or have come back.

    `fresh` says what they would hold had they completed the course today. It is not given again
    before that would count for more than what they hold: who was trained two years ahead of
    their departure is trained again when it helps.
    """
    if tour.ends_on < today:
        return None
    found = judge(rule, tour, held)
    if found.standing is Standing.VALID:
        return None
    lapses_on = found.until if found.standing is Standing.LAPSES else None
    if lapses_on is not None:
        now = refresher_due_on(lapses_on, today) <= today + AHEAD
    else:
        missing = found.standing is Standing.MISSING
        now = missing or judge(rule, tour, [fresh()]).standing > found.standing
    course_id = int(rule.accepted[0].subject)
    return Want(
        rule.requirement_id,
        course_id,
        tour.deployment_id,
        tour.starts_on,
        days_before,
        lapses_on,
        now,
    )


def earliest(wants: Sequence[Want], assigned_on: date) -> Want:
    """Return which of several rules is due first: the stricter one wins."""
    return min(wants, key=lambda w: (w.due_on(assigned_on), w.deployment_id, w.requirement_id))


def moved(wants: Sequence[Want], current: date | None, assigned_on: date, today: date) -> date:
    """Return the due date of what was given before, now that these rules ask for it.

    It follows the departure. Where that would leave nobody two days, they get two days from
    today, and no more on the morrow.
    """
    soonest = earliest(wants, today).due_on(today)
    if current is None:
        return soonest
    wanted = earliest(wants, assigned_on).due_on(assigned_on)
    if wanted >= min(current, today + SOONEST):
        return wanted
    return min(current, soonest)


def by_course(wants: Sequence[Want]) -> Mapping[int, list[Want]]:
    """Return what is asked of somebody, by course."""
    found: dict[int, list[Want]] = {}
    for each in wants:
        found.setdefault(each.course_id, []).append(each)
    return found


class Cannot(enum.Enum):
    """Why a rule can never be met on a deployment."""

    NOTHING = "nothing"  # It can.
    DEPARTED = "departed"
    TOO_LATE = "too_late"
    ENDS = "ends"


def cannot(rule: Rule, tour: Tour, last: Held, minutes: int, today: date) -> Cannot:
    """Return why somebody who lacks it can never meet a rule before they leave.

    `last` is what they would hold who completed the course on the last day before that.
    """
    days_left = (tour.starts_on - today).days
    if days_left <= 0:
        return Cannot.DEPARTED
    if minutes > FULL_DAY * days_left:
        return Cannot.TOO_LATE
    met = judge(rule, tour, [last]).standing.met
    return Cannot.NOTHING if met else Cannot.ENDS
