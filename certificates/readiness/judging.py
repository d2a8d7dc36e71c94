"""How ready somebody is for a deployment on a day. Pure; board, letter and API ask here.

Days are calendar dates in the time zone of the organisation.
"""

import enum
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from modules.requirements.rules import FULL_DAY, SHORT_NOTICE
from modules.requirements.validity import Judgement, Standing, Tour

MINUTES_A_DAY = 60


class State(enum.IntEnum):
    """The five states; that of a person is the lowest of their requirements."""

    NOT_READY = 0
    AT_RISK = 1
    ON_SCHEDULE = 2
    WAIVED = 3
    READY = 4


class Reason(enum.Enum):
    """Why somebody stands as they do."""

    MET = "met"
    MET_LATE = "met_late"
    REFRESHER = "refresher"
    WAIVED = "waived"
    DEPARTED = "departed"
    IMPOSSIBLE = "impossible"
    NOT_WRITTEN = "not_written"  # There is no mission module yet: the trainer's task.
    NOT_ASSIGNED = "not_assigned"
    BLOCKED = "blocked"
    OVERDUE = "overdue"
    TOO_MUCH = "too_much"
    SOON = "soon"
    UNDER_WAY = "under_way"


class Work(NamedTuple):
    """What is open in the assignment that would meet a requirement."""

    due_on: date | None
    minutes_left: int
    blocked: bool = False


class Verdict(NamedTuple):
    """How one requirement stands for one deployment."""

    state: State
    reason: Reason
    # Whether they are trained; a waiver changes nothing of it.
    trained: bool


def verdict(
    judgement: Judgement,
    tour: Tour,
    work: Work | None,
    *,
    day: date,
    waived_until: date | None = None,
    written: bool = True,
) -> Verdict:
    """Return how a requirement stands on a day.

    `waived_until` is the last day of a waiver that was granted; `written` is False where what is
    required does not exist yet.
    """
    if judgement.standing.met:
        return Verdict(State.READY, _met(judgement), trained=True)
    if waived_until is not None and day <= waived_until:
        return Verdict(State.WAIVED, Reason.WAIVED, trained=False)
    state, reason = _open(tour, work, day, written=written)
    return Verdict(state, reason, trained=False)


def _met(judgement: Judgement) -> Reason:
    if judgement.late:
        return Reason.MET_LATE
    return Reason.REFRESHER if judgement.standing is Standing.LAPSES else Reason.MET


def _open(tour: Tour, work: Work | None, day: date, *, written: bool) -> tuple[State, Reason]:
    """Return how something not met stands; the first cause that holds is told."""
    days_left = (tour.starts_on - day).days
    if days_left <= 0:
        return State.NOT_READY, Reason.DEPARTED
    if not written:
        soon = days_left <= SHORT_NOTICE.days
        return State.AT_RISK if soon else State.ON_SCHEDULE, Reason.NOT_WRITTEN
    if work is None:
        return State.AT_RISK, Reason.NOT_ASSIGNED
    if work.minutes_left > FULL_DAY * days_left:
        return State.NOT_READY, Reason.IMPOSSIBLE
    risk = _risk(work, days_left, day)
    return (State.ON_SCHEDULE, Reason.UNDER_WAY) if risk is None else (State.AT_RISK, risk)


def _risk(work: Work, days_left: int, day: date) -> Reason | None:
    if work.blocked:
        return Reason.BLOCKED
    if work.due_on is not None and work.due_on < day:
        return Reason.OVERDUE
    if work.minutes_left > MINUTES_A_DAY * days_left:
        return Reason.TOO_MUCH
    return Reason.SOON if days_left <= SHORT_NOTICE.days else None


def overall(verdicts: Iterable[Verdict]) -> State:
    """Return the state of a person: the lowest of their requirements, ready if there is none."""
    return min((each.state for each in verdicts), default=State.READY)
