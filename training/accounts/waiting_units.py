"""The units somebody may work with, and what lies below each. The tree itself is pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from training.accounts import reach
from training.accounts.models import Person, Unit
from training.accounts.services import within
from training.permissions import Permission, Viewer


@dataclass(frozen=True)
class Waiting:
    """A unit with those below it, and how many of their people are not yet in."""

    id: int
    name: str
    below: tuple[int, ...]
    people: int


def below(unit_id: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return a unit and everything below it; `parents` names the unit above each."""
    found, new = {unit_id}, {unit_id}
    while new:
        new = {unit for unit, parent in parents.items() if parent in new} - found
        found |= new
    return tuple(sorted(found))


def waiting(session: Session, viewer: Viewer, on: date) -> tuple[list[Waiting], int]:
    """Return the units with people not yet in, by name, and how many people those are in all."""
    units = list(session.scalars(_units(viewer)))
    scope = within(viewer, Permission.LET_IN).where(
        Person.is_active, Person.password_hash.is_(None), reach.reachable(viewer, on)
    )
    counted = scope.with_only_columns(Person.unit_id, func.count()).group_by(Person.unit_id)
    people = {unit: number for unit, number in session.execute(counted)}  # noqa: C416
    return _summed(units, people), sum(people.values())


def _units(viewer: Viewer) -> Select[Unit]:
    organisations = viewer.organisations(Permission.LET_IN)
    query = select(Unit).order_by(Unit.name, Unit.id)
    if organisations is None:
        return query
    return query.where(Unit.organisation_id.in_(organisations))


def _summed(units: Iterable[Unit], people: Mapping[int | None, int]) -> list[Waiting]:
    units = list(units)
    parents = {unit.id: unit.parent_id for unit in units}
    inside = {unit.id: below(unit.id, parents) for unit in units}
    found = (
        Waiting(u.id, u.name, inside[u.id], sum(people.get(i, 0) for i in inside[u.id]))
        for u in units
    )
    return [unit for unit in found if unit.people]
