"""An organisation's details and its tree of units, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from training import audit
from training.accounts.models import Organisation, Person, Unit
from training.accounts.names import fold
from training.errors import Forbidden, Invalid, NotFound, spoken
from training.permissions import Permission, Viewer

NOT_EMPTY = spoken("This unit still has people or units in it. Move them first.")


@dataclass(frozen=True)
class Branch:
    """A unit in the order of the tree, with how deep it lies and how many people it has."""

    unit: Unit
    depth: int
    people: int


def organisation(session: Session, viewer: Viewer, *, lock: bool = False) -> Organisation:
    """Return the organisation the viewer administers. Raises `Forbidden` when there is none."""
    managed = viewer.organisations(Permission.MANAGE_PEOPLE)
    if managed is not None and viewer.organisation_id not in managed:
        raise Forbidden("You do not administer your own organisation.")
    return session.get_one(
        Organisation,
        viewer.organisation_id,
        with_for_update=True if lock else None,
        populate_existing=lock,
    )


def change_organisation(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, at: datetime
) -> None:
    """Change the details of an organisation, and note which."""
    home = organisation(session, viewer, lock=True)
    changed = sorted(key for key, value in values.items() if getattr(home, key) != value)
    for key in changed:
        setattr(home, key, values[key])
    if changed:
        _record(session, viewer, "organisation.changed", "organisation", home.id, at, changed)


def tree(session: Session, viewer: Viewer) -> list[Branch]:
    """Return the units, each after the one it lies under, by name."""
    home = organisation(session, viewer)
    rows = session.execute(
        select(Unit, func.count(Person.id))
        .outerjoin(Person, Person.unit_id == Unit.id)
        .where(Unit.organisation_id == home.id)
        .group_by(Unit.id)
    ).all()
    under: dict[int | None, list[tuple[Unit, int]]] = {}
    for unit, people in rows:
        under.setdefault(unit.parent_id, []).append((unit, people))
    waiting = [(pair, 0) for pair in _backwards(under.get(None, []))]
    branches = []
    while waiting:
        (unit, people), depth = waiting.pop()
        branches.append(Branch(unit, depth, people))
        waiting += [(pair, depth + 1) for pair in _backwards(under.get(unit.id, []))]
    return branches


def _backwards(pairs: Sequence[tuple[Unit, int]]) -> list[tuple[Unit, int]]:
    return sorted(pairs, key=lambda pair: fold(pair[0].name), reverse=True)


def own_unit(session: Session, viewer: Viewer, unit_id: int) -> Unit:
    """Return a unit of the viewer's organisation. Raises `NotFound` for any other id."""
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation(session, viewer).id:
        raise NotFound("There is no such unit.")
    return unit


def add(
    session: Session, viewer: Viewer, name: str, parent_id: int | None, *, at: datetime
) -> Unit:
    """Add a unit, under another one or at the top."""
    home = organisation(session, viewer, lock=True)
    _refuse_parent(session, home.id, None, parent_id)
    _refuse_name(session, home.id, None, parent_id, name)
    unit = Unit(organisation_id=home.id, name=name, parent_id=parent_id)
    session.add(unit)
    session.flush()
    _record(session, viewer, "unit.added", "unit", unit.id, at, [])
    return unit


def change(
    session: Session,
    viewer: Viewer,
    unit_id: int,
    name: str,
    parent_id: int | None,
    *,
    at: datetime,
) -> None:
    """Rename a unit or move it under another one. Raises `Invalid` for a place within itself."""
    # Two moves at once could make a circle that neither of them sees.
    home = organisation(session, viewer, lock=True)
    unit = own_unit(session, viewer, unit_id)
    session.refresh(unit)
    _refuse_parent(session, home.id, unit_id, parent_id)
    _refuse_name(session, home.id, unit_id, parent_id, name)
    changed = [k for k, v in (("name", name), ("parent", parent_id)) if v != _now(unit, k)]
    unit.name, unit.parent_id = name, parent_id
    session.flush()
    if changed:
        _record(session, viewer, "unit.changed", "unit", unit.id, at, changed)


def _now(unit: Unit, key: str) -> Any:
    return unit.name if key == "name" else unit.parent_id


def remove(session: Session, viewer: Viewer, unit_id: int, *, at: datetime) -> None:
    """Remove a unit that has neither people nor units in it."""
    organisation(session, viewer, lock=True)
    unit = own_unit(session, viewer, unit_id)
    inside = select(
        exists().where(Person.unit_id == unit_id) | exists().where(Unit.parent_id == unit_id)
    )
    if session.scalar(inside):
        raise Invalid("unit", NOT_EMPTY)
    try:
        # Something else may hold on to it, or somebody has been put in at this moment.
        with session.begin_nested():
            session.delete(unit)
    except IntegrityError as error:
        raise Invalid("unit", NOT_EMPTY) from error
    _record(session, viewer, "unit.removed", "unit", unit_id, at, [])


def _parents(session: Session, organisation_id: int) -> dict[int, int | None]:
    query = select(Unit.id, Unit.parent_id).where(Unit.organisation_id == organisation_id)
    return {unit_id: parent_id for unit_id, parent_id in session.execute(query)}  # noqa: C416 - rows are no pairs


def _refuse_parent(
    session: Session, organisation_id: int, unit_id: int | None, parent_id: int | None
) -> None:
    parents = _parents(session, organisation_id)
    if parent_id is not None and parent_id not in parents:
        raise Invalid("parent_id", "There is no such unit.")
    above = parent_id
    while above is not None:
        if above == unit_id:
            raise Invalid("parent_id", "A unit cannot lie within itself.")
        above = parents[above]


def _refuse_name(
    session: Session,
    organisation_id: int,
    unit_id: int | None,
    parent_id: int | None,
    name: str,
) -> None:
    beside = select(Unit.id, Unit.name).where(
        Unit.organisation_id == organisation_id, Unit.parent_id == parent_id
    )
    for other_id, other in session.execute(beside):
        if other_id != unit_id and fold(other) == fold(name):
            raise Invalid("name", "There is already a unit of this name in the same place.")


def _record(
    session: Session,
    viewer: Viewer,
    action: str,
    subject: str,
    subject_id: int,
    at: datetime,
    fields: Sequence[str],
) -> None:
    actor = viewer.person_id
    audit.record(session, action, subject, subject_id, actor_id=actor, at=at, fields=list(fields))
