"""Who is ready for which deployment on a day: one answer for board, files and single pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from certificates.readiness import reading
from certificates.readiness.assessing import (
    Asked,
    Assessed,
    Going,
    Open,
    Required,
    asked_of,
    assess,
)
from certificates.readiness.judging import State
from certificates.readiness.reading import SEE, Wanted, within
from certificates.readiness.working import under_way
from modules.requirements import held
from modules.requirements.validity import Held
from training.accounts.models import Unit
from training.accounts.unit_tree import below
from training.errors import NotFound
from training.missions.models import Deployment, Mission, Rotation
from training.permissions import Viewer


@dataclass(frozen=True)
class Readiness:
    """Who goes and how each of them stands, which posts are vacant, and what is required."""

    people: Sequence[Assessed]
    vacant: Sequence[Going]
    required: Sequence[Required]


def readiness(session: Session, viewer: Viewer, wanted: Wanted, day: date) -> Readiness:
    """Return how ready the deployments are that a viewer asks for; five statements at most."""
    condition = reading.chosen(viewer, wanted, day)
    found = reading.going(session, condition)
    required = reading.required(session, {each.organisation_id for each in found})
    people: Select[int] = select(Deployment.person_id).where(
        condition, Deployment.person_id.is_not(None)
    )  # type: ignore[assignment]
    holding = held.of_people(session, people) if required else {}
    versions = {each.version_id for each in required} | {each.module.version_id for each in found}
    known = [version for version in versions if version is not None]
    work = under_way(session, people, known) if required else {}
    assessed = _assess(found, required, holding, work, day)
    return Readiness(assessed, [each for each in found if each.person_id is None], required)


def _assess(
    found: Iterable[Going],
    required: Sequence[Required],
    holding: Mapping[int, Sequence[Held]],
    work: Mapping[int, Sequence[Open]],
    day: date,
) -> list[Assessed]:
    """Return how those who go stand, the least ready first; the same post is asked the same."""
    asked: dict[tuple[int, int], list[Asked]] = {}
    assessed = []
    for each in found:
        if each.person_id is None:
            continue
        key = (each.organisation_id, id(each.post))
        if key not in asked:
            asked[key] = asked_of(each, required)
        mine = (holding.get(each.person_id, ()), work.get(each.person_id, ()))
        assessed.append(assess(each, asked[key], *mine, day))
    return sorted(assessed, key=_order)


def _order(each: Assessed) -> tuple[State, str, int]:
    return each.state, each.going.sort_name, each.going.deployment_id


def of_deployment(session: Session, viewer: Viewer, deployment_id: int, day: date) -> Assessed:
    """Return how one deployment stands. Raises `NotFound` for any the viewer may not see."""
    found = readiness(session, viewer, Wanted(deployment_id=deployment_id), day)
    if not found.people:
        raise NotFound("There is no such deployment.")
    return found.people[0]


def counted(people: Iterable[Assessed]) -> Mapping[State, int]:
    """Return how many people stand how."""
    found = Counter(each.state for each in people)
    return {state: found[state] for state in State}


class Unwritten(NamedTuple):
    """A mission whose module does not exist yet, though it is required of people who go."""

    mission: str
    people: int
    first_on: date


def unwritten(people: Iterable[Assessed]) -> Iterator[Unwritten]:
    """Return the missions whose module is still to be written, the first departure first."""
    waiting: dict[int, list[Going]] = {}
    for each in people:
        if any(not finding.counts for finding in each.findings):
            waiting.setdefault(each.going.mission_id, []).append(each.going)
    firsts = {key: min(g.starts_on for g in going) for key, going in waiting.items()}
    for key in sorted(waiting, key=lambda key: (firsts[key], key)):
        yield Unwritten(waiting[key][0].mission, len(waiting[key]), firsts[key])


class Choice(NamedTuple):
    """A unit, a mission or a rotation to choose; the parent of a rotation is its mission."""

    kind: str
    id: int
    parent_id: int | None
    name: str


def choices(session: Session, viewer: Viewer) -> list[Choice]:
    """Return what the board can be narrowed to, in one statement."""
    theirs = select(Deployment.mission_id).where(within(viewer), Deployment.cancelled_at.is_(None))
    rotations = select(Deployment.rotation_id).where(within(viewer))
    organisations = viewer.organisations(SEE)
    mine = (
        true()
        if organisations is None
        else or_(Unit.organisation_id.in_(organisations), Unit.id.in_(below(viewer.units(SEE))))
    )
    nothing = func.nullif(0, 0)
    query = union_all(
        select(literal("unit"), Unit.id, Unit.parent_id, Unit.name).where(mine),
        select(literal("mission"), Mission.id, nothing, Mission.name).where(Mission.id.in_(theirs)),
        select(literal("rotation"), Rotation.id, Rotation.mission_id, Rotation.name).where(
            Rotation.id.in_(rotations)
        ),
    )
    return [Choice(*row) for row in session.execute(query)]
