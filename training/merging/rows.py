"""Handing rows from one record of a person to another; what most features need of a merge."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from training.accounts.models import Person

Owner = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def count(session: Session, owner: Owner, person_id: int) -> int:
    """Return how many rows belong to a record."""
    query = select(func.count()).select_from(owner.class_).where(owner == person_id)
    return session.scalar(query) or 0


def move(
    session: Session, owner: Owner, kept: int, gone: int, which: ColumnElement[bool] | None = None
) -> list[int]:
    """Hand over every row of one record, or those which may, and return their ids."""
    model: Any = owner.class_
    query = select(model.id).where(owner == gone, true() if which is None else which)
    ids = list(session.scalars(query.order_by(model.id).with_for_update()))
    _give(session, owner, kept, gone, ids)
    return ids


def move_back(session: Session, owner: Owner, kept: int, gone: int, ids: Sequence[int]) -> None:
    """Hand these rows back, as far as the record that stayed still has them."""
    _give(session, owner, gone, kept, ids)


def _give(session: Session, owner: Owner, to: int, of: int, ids: Sequence[int]) -> None:
    model: Any = owner.class_
    mine = (model.id.in_(ids), owner == of)
    session.execute(update(model).where(*mine).values({owner.key: to}))


def left_behind(session: Session, *owners: Owner) -> list[str]:
    """Return a sentence for each table that has rows of a record which was merged."""
    merged = select(Person.id).where(Person.merged_into_id.is_not(None))
    return [
        f"Person {person_id} was merged and still has rows in {owner.class_.__tablename__}."
        for owner in owners
        for person_id in session.scalars(
            select(owner).where(owner.in_(merged)).distinct().order_by(owner)
        )
    ]
