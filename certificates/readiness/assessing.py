"""How ready each deployment is on a day, requirement by requirement. Pure.

Board, files, the page of one deployment and the nightly counts all come from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from certificates.readiness.judging import State, Verdict, Work, overall, verdict
from modules.requirements.rules import Post, Who
from modules.requirements.validity import (
    Accepted,
    Held,
    Judgement,
    Rule,
    Span,
    Standing,
    Tour,
    judge,
)

MISSING = Judgement(Standing.MISSING)


@dataclass(frozen=True)
class Required:
    """A requirement in force of an organisation, and the version in which it is taught now."""

    id: int
    organisation_id: int
    who: Who
    # None: the mission module of whichever mission somebody goes on.
    course_id: int | None
    version_id: int | None
    component: str | None
    span: Span
    max_age_days: int | None
    waivable: bool
    stand_in: tuple[Accepted, ...] = ()

    def rule(self, module: int | None) -> Rule | None:
        """Return what is asked of people on a mission; None while its module does not exist."""
        course = self.course_id or module
        if course is None:
            return None
        accepted = (Accepted(course, self.max_age_days), *self.stand_in)
        return Rule(self.id, accepted, self.component, self.span, self.course_id is None)


class Module(NamedTuple):
    """The course of a mission; nothing of it is there before somebody has written it."""

    course_id: int | None = None
    version_id: int | None = None


@dataclass(frozen=True)
class Exemption:
    """A waiver nobody has ended: its last day, and whether somebody has granted it."""

    id: int
    ends_on: date
    granted: bool


class Going(NamedTuple):
    """Somebody who goes, or a vacant post, as the board reads it."""

    deployment_id: int
    organisation_id: int
    person_id: int | None
    name: str
    sort_name: str
    user_name: str
    unit: str | None
    mission_id: int
    mission: str
    starts_on: date
    ends_on: date
    post: Post
    module: Module
    waivers: Mapping[int, Exemption]


class Open(NamedTuple):
    """An assignment that is open."""

    assignment_id: int
    course_id: int
    deployment_id: int | None
    work: Work


class Finding(NamedTuple):
    """How one requirement stands for one deployment."""

    required: Required
    judgement: Judgement
    verdict: Verdict
    open: Open | None
    waiver: Exemption | None
    # False: what is required does not exist yet, which is the task of the trainer alone.
    written: bool

    @property
    def counts(self) -> bool:
        """Tell whether it says something about the person."""
        return self.written or self.verdict.trained


class Assessed(NamedTuple):
    """How one deployment stands on a day, and how it will on its first if nothing happens."""

    going: Going
    findings: Sequence[Finding]
    state: State
    at_departure: State

    @property
    def trained(self) -> bool:
        """Tell whether everything that counts is met, whatever was waived."""
        return all(each.verdict.trained for each in self.findings if each.counts)


class Asked(NamedTuple):
    """A requirement as it is put to people on one mission."""

    required: Required
    rule: Rule | None
    written: bool


def asked_of(going: Going, required: Iterable[Required]) -> list[Asked]:
    """Return what is asked of somebody who goes."""
    return [
        Asked(each, each.rule(going.module.course_id), _written(each, going.module))
        for each in required
        if each.organisation_id == going.organisation_id and each.who.includes(going.post)
    ]


def _written(required: Required, module: Module) -> bool:
    return required.course_id is not None or module.version_id is not None


def assess(
    going: Going, asked: Iterable[Asked], held: Iterable[Held], work: Sequence[Open], day: date
) -> Assessed:
    """Return how a deployment stands on a day; what is achieved later is not yet there then."""
    tour = Tour(going.deployment_id, going.starts_on, going.ends_on)
    there = [each for each in held if each.achieved_on <= day]
    findings = [_find(going, tour, each, there, work, day) for each in asked]
    counting = [each for each in findings if each.counts]
    state = overall(each.verdict for each in counting)
    if day >= going.starts_on:
        return Assessed(going, findings, state, state)
    # What is met stays met until then.
    later = [
        e.verdict
        if e.verdict.trained
        else _verdict(tour, e.judgement, e.open, e.waiver, going.starts_on, written=e.written)
        for e in counting
    ]
    return Assessed(going, findings, state, overall(later))


def _find(
    going: Going, tour: Tour, asked: Asked, held: list[Held], work: Sequence[Open], day: date
) -> Finding:
    required, rule, written = asked
    judgement = judge(rule, tour, held) if rule and held else MISSING
    found = _open(rule, tour, work) if rule and work else None
    waiver = _not_over(going.waivers.get(required.id), day)
    said = _verdict(tour, judgement, found, waiver, day, written=written)
    return Finding(required, judgement, said, found, waiver, written)


def _not_over(waiver: Exemption | None, day: date) -> Exemption | None:
    """Return a waiver unless it has ended by itself: then another can be asked for."""
    return waiver if waiver is not None and day <= waiver.ends_on else None


def _verdict(
    tour: Tour,
    judgement: Judgement,
    found: Open | None,
    waiver: Exemption | None,
    day: date,
    *,
    written: bool,
) -> Verdict:
    until = waiver.ends_on if waiver and waiver.granted else None
    work = found.work if found else None
    return verdict(judgement, tour, work, day=day, waived_until=until, written=written)


def _open(rule: Rule, tour: Tour, work: Sequence[Open]) -> Open | None:
    """Return the open assignment that would meet a rule: of what is asked, else a stand-in."""
    fitting = [
        each for each in work if not rule.per_deployment or each.deployment_id == tour.deployment_id
    ]
    for accepted in rule.accepted:
        for each in fitting:
            if each.course_id == accepted.subject:
                return each
    return None
