"""The units somebody may work with, and how many of their people are not yet in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy.orm import Session

from training.accounts import reach
from training.accounts.models import Person, Unit
from training.accounts.services import within
from training.accounts.unit_tree import under, units_within
from training.permissions import Permission, Viewer


@dataclass(frozen=True)
class Waiting:
    """A unit with those below it, and how many of their people are not yet in."""

    id: int
    name: str
    below: tuple[int, ...]
    people: int


def waiting(session: Session, viewer: Viewer, on: date) -> tuple[list[Waiting], int]:
    """Return the units with people not yet in, by name, and how many people those are in all."""
    units = sorted(
        units_within(session, viewer, Permission.LET_IN), key=lambda unit: (unit.name, unit.id)
    )
    scope = within(viewer, Permission.LET_IN).where(
        Person.is_active, Person.password_hash.is_(None), reach.reachable(viewer, on)
    )
    counted = scope.with_only_columns(Person.unit_id, func.count()).group_by(Person.unit_id)
    people = {unit: number for unit, number in session.execute(counted)}  # noqa: C416
    return _summed(units, people), sum(people.values())


def _summed(units: Sequence[Unit], people: Mapping[int | None, int]) -> list[Waiting]:
    inside = {unit.id: tuple(sorted(under(units, unit.id))) for unit in units}
    found = (
        Waiting(u.id, u.name, inside[u.id], sum(people.get(i, 0) for i in inside[u.id]))
        for u in units
    )
    return [unit for unit in found if unit.people]
