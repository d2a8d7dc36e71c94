"""The tree of units: read in one go, what lies under one, and the way to each."""

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.accounts.models import Unit
from training.permissions import Permission, Viewer


class Placed(Protocol):
    """Something with a name in a tree: a unit, or what was read of one."""

    @property
    def id(self) -> int:
        """Return what it is known by."""

    @property
    def parent_id(self) -> int | None:
        """Return what it lies under."""

    @property
    def name(self) -> str:
        """Return what it is called."""


def units_within(session: Session, viewer: Viewer, permission: Permission) -> Sequence[Unit]:
    """Return the units of every organisation in which the viewer has a permission."""
    query = select(Unit)
    organisations = viewer.organisations(permission)
    if organisations is not None:
        query = query.where(Unit.organisation_id.in_(organisations))
    return session.scalars(query.order_by(Unit.id)).all()


def below(unit_ids: Collection[int]) -> Select[int]:
    """Return the query of the ids of these units and of all that lie under them."""
    top = select(Unit.id).where(Unit.id.in_(unit_ids)).cte(recursive=True)
    found = top.union(select(Unit.id).join(top, Unit.parent_id == top.c.id))
    return select(found.c.id)


def under(units: Sequence[Unit], unit_id: int) -> frozenset[int]:
    """Return the ids of a unit and of all that lie under it; none when it is not there."""
    found = {unit.id for unit in units if unit.id == unit_id}
    while more := {u.id for u in units if u.parent_id in found} - found:
        found |= more
    return frozenset(found)


def paths(units: Sequence[Placed]) -> list[tuple[int, str]]:
    """Return each unit with the way to it, e.g. `1st Battalion / A Company`, in that order."""
    by_id: dict[int, Placed] = {unit.id: unit for unit in units}
    return sorted(
        ((unit.id, _path(unit, by_id)) for unit in units), key=lambda pair: pair[1].casefold()
    )


def _path(unit: Placed, by_id: dict[int, Placed]) -> str:
    names: list[str] = []
    at: Placed | None = unit
    while at is not None and len(names) < len(by_id):  # A circle must not go on for ever.
        names.append(at.name)
        at = by_id.get(at.parent_id or 0)
    return " / ".join(reversed(names))
