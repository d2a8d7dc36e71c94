"""Handing rows from one record of a person to another; what most features need of a merge."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

Owner = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def count(session: Session, owner: Owner, person_id: int) -> int:
    """Return how many rows belong to a record."""
    query = select(func.count()).select_from(owner.class_).where(owner == person_id)
    return session.scalar(query) or 0


def move(session: Session, owner: Owner, kept: int, gone: int) -> list[int]:
    """Hand over every row of one record and return their ids."""
    model: Any = owner.class_
    query = select(model.id).where(owner == gone).order_by(model.id).with_for_update()
    ids = list(session.scalars(query))
    _give(session, owner, kept, gone, ids)
    return ids


def move_back(session: Session, owner: Owner, kept: int, gone: int, ids: Sequence[int]) -> None:
    """Hand these rows back, as far as the record that stayed still has them."""
    _give(session, owner, gone, kept, ids)


def _give(session: Session, owner: Owner, to: int, of: int, ids: Sequence[int]) -> None:
    model: Any = owner.class_
    mine = (model.id.in_(ids), owner == of)
    session.execute(update(model).where(*mine).values({owner.key: to}))
