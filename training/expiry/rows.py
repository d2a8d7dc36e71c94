"""Rows of people whose records end; what most features need to remove them."""

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from training.accounts.models import Person

Owner = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def erase(session: Session, person_id: int, *owners: Owner) -> None:
    """Delete every row of a person in the tables of these columns, in this order."""
    for owner in owners:
        gone = delete(owner.class_).where(owner == person_id)
        session.execute(gone.execution_options(synchronize_session=False))


def left(session: Session, *owners: Owner) -> list[str]:
    """Return a sentence for each table that still has rows of somebody who was removed."""
    return [sentence for owner in owners for sentence in _left(session, owner)]


def _left(session: Session, owner: Owner) -> Iterator[str]:
    removed = select(Person.id).where(Person.removed_at.is_not(None))
    query = select(owner).where(owner.in_(removed)).distinct().order_by(owner)
    for person_id in session.scalars(query):
        yield f"Person {person_id} was removed and still has rows in {owner.class_.__tablename__}."
