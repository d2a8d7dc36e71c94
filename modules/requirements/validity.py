"""Whether what somebody holds counts on a deployment. Pure; the one answer everywhere.

Days are calendar dates; first and last days count as valid.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

# A course by its id, or an external certificate by its kind.
Subject = int | str


class Span(enum.Enum):
    """When something must be valid."""

    START = "start"
    TOUR = "tour"


@dataclass(frozen=True)
class Tour:
    """From which day until which somebody is on mission."""

    deployment_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Held:
    """Something somebody has achieved, and until when it counts."""

    subject: Subject
    achieved_on: date
    # None: it does not expire.
    valid_until: date | None
    # Components that expire on a day of their own.
    components: Mapping[str, date] = field(default_factory=dict)
    # The deployment it was completed for.
    deployment_id: int | None = None

    def until(self, component: str | None) -> date | None:
        """Return the last day on which the whole counts, or one component of it."""
        if component is None:
            return self.valid_until
        return self.components.get(component, self.valid_until)


@dataclass(frozen=True)
class Accepted:
    """What meets a rule, and how old it may be on the start date."""

    subject: Subject
    max_age_days: int | None = None


@dataclass(frozen=True)
class Rule:
    """What is asked, with what may stand for it; the first that is accepted is the course."""

    requirement_id: int
    accepted: tuple[Accepted, ...]
    component: str | None = None
    span: Span = Span.START
    # A mission module counts only for the deployment it was completed for.
    per_deployment: bool = False


class Standing(enum.IntEnum):
    """What becomes of a rule on a deployment; a higher one is better."""

    MISSING = 0
    EXPIRED = 1  # It is over before the start date.
    TOO_OLD = 2  # It is valid, but achieved too long before the start date.
    EXPIRES = 3  # Valid on the start date, and should have been through the tour.
    LAPSES = 4  # Good; a refresher falls due during the tour.
    VALID = 5

    @property
    def met(self) -> bool:
        """Tell whether the rule is met."""
        return self >= Standing.LAPSES


@dataclass(frozen=True)
class Judgement:
    """How a rule stands on a deployment, and by what."""

    standing: Standing
    held: Held | None = None
    until: date | None = None
    # Something else stands for the course that is asked; reports count it apart.
    stands_for: bool = False
    # It was achieved only after the start date.
    late: bool = False


def judge(rule: Rule, tour: Tour, held: Iterable[Held]) -> Judgement:
    """Judge a rule by the best of what is held; the order in which it came does not matter."""
    ages = {accepted.subject: accepted.max_age_days for accepted in reversed(rule.accepted)}
    candidates = (
        one(rule, tour, each, ages[each.subject])
        for each in held
        if each.subject in ages
        and (not rule.per_deployment or each.deployment_id == tour.deployment_id)
    )
    return max(candidates, key=_rank, default=Judgement(Standing.MISSING))


def one(rule: Rule, tour: Tour, held: Held, max_age_days: int | None) -> Judgement:
    """Judge a rule by one thing held."""
    until = held.until(rule.component)
    late = held.achieved_on > tour.starts_on
    return Judgement(
        _standing(rule, tour, held, until, max_age_days),
        held,
        until,
        stands_for=held.subject != rule.accepted[0].subject,
        late=late,
    )


def _standing(
    rule: Rule, tour: Tour, held: Held, until: date | None, max_age_days: int | None
) -> Standing:
    # What was achieved on the mission counts from that day on.
    first = max(tour.starts_on, held.achieved_on)
    if held.achieved_on > tour.ends_on:
        return Standing.MISSING
    if until is not None and until < first:
        return Standing.EXPIRED
    if max_age_days is not None and (tour.starts_on - held.achieved_on).days > max_age_days:
        return Standing.TOO_OLD
    if until is None or until >= tour.ends_on:
        return Standing.VALID
    return Standing.EXPIRES if rule.span is Span.TOUR else Standing.LAPSES


def _rank(judgement: Judgement) -> tuple[object, ...]:
    held = judgement.held
    if held is None:  # Only what is held is ranked.
        raise ValueError(judgement)
    return (
        judgement.standing,
        not judgement.late,
        not judgement.stands_for,
        judgement.until or date.max,
        held.achieved_on,
        str(held.subject),
    )
