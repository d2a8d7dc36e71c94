"""The units a list can be narrowed to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.accounts.models import Unit


def units_within(session: Session, organisations: frozenset[int] | None) -> list[Unit]:
    """Return the units of these organisations by name; None means of all."""
    query = select(Unit).order_by(Unit.name, Unit.id)
    if organisations is not None:
        query = query.where(Unit.organisation_id.in_(organisations))
    return list(session.scalars(query))
