"""The years of a person are over: the rows of lists in which they stood go."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from training.accounts.models import Person
from training.expiry import rows
from training.imports.models import ImportedPerson, SetAside

IDENTIFIERS = ("personnel_number", "user_name", "email")


def erase(session: Session, person_id: int, _at: datetime) -> None:
    """Delete what imports noted of a person, and the rows set aside that name them."""
    rows.erase(session, person_id, ImportedPerson.person_id)
    person = session.get_one(Person, person_id)
    for row in _set_aside(session, person):
        session.delete(row)
    session.flush()


def _set_aside(session: Session, person: Person) -> Sequence[SetAside]:
    found = {name: getattr(person, name) for name in IDENTIFIERS if getattr(person, name)}
    # Found roughly by the database, as the cells are kept there, and then exactly.
    cells = cast(SetAside.cells, String)
    named = [cells.contains(json.dumps(value), autoescape=True) for value in found.values()]
    query = select(SetAside).where(SetAside.organisation_id == person.organisation_id)
    return [
        row
        for row in session.scalars(query.where(or_(*named)))
        if any(row.cells.get(name) == value for name, value in found.items())
    ]


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed of whom an import still has a note."""
    return rows.left(session, ImportedPerson.person_id)
