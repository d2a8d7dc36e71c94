"""What is there already, as far as the rows of an import may meet it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from training.accounts.models import Category, Person, Unit
from training.accounts.names import fold, sort_key
from training.imports.entries import Entry
from training.imports.models import Upload
from training.imports.planning import Known, Planner, Surroundings


def planner(session: Session, upload: Upload, own_id: int) -> Planner:
    """Return what plans any row against the people, units and user names of this moment.

    Nobody changes their own record, so it matters who takes the list over.
    """
    return _planner(session, upload, own_id, taken_names(session))


def planner_of(
    session: Session, upload: Upload, own_id: int, rows: Sequence[Entry], taken: frozenset[str]
) -> Planner:
    """Return what plans these rows, reading no more than they may meet.

    It is for use within a transaction: whoever else writes is waiting. The user names that were
    taken before it began are handed in; one taken since runs into the constraint.
    """
    given = {row.values["user_name"] for row in rows if "user_name" in row.values}
    query = select(Person.user_name).where(Person.user_name.in_(given))
    names = taken | set(session.scalars(query)) if given else taken
    return _planner(session, upload, own_id, names, _may_be_meant(rows))


def taken_names(session: Session) -> frozenset[str]:
    """Return every user name of the platform."""
    return frozenset(session.scalars(select(Person.user_name)))


def _planner(
    session: Session,
    upload: Upload,
    own_id: int,
    taken: frozenset[str],
    *meant: ColumnElement[bool],
) -> Planner:
    choices = upload.choices
    around = Surroundings(
        known=_known(session, upload.organisation_id, *meant),
        units=units_by_name(session, upload.organisation_id),
        user_names=taken,
        own_id=own_id,
        category=Category(choices.get("category", Category.MILITARY.value)),
        language=choices.get("language", "en"),
        make_units=choices.get("make_units") == "yes",
        decisions={int(row): choice for row, choice in upload.decisions.items()},
    )
    return Planner(around)


def _known(session: Session, organisation_id: int, *meant: ColumnElement[bool]) -> list[Known]:
    columns: list[Any] = [getattr(Person, name) for name in Known._fields]
    here = (Person.organisation_id == organisation_id, Person.removed_at.is_(None))
    query = select(*columns).where(*here, *meant)
    return [Known(*row) for row in session.execute(query.order_by(Person.id))]


def _may_be_meant(rows: Sequence[Entry]) -> ColumnElement[bool]:
    """Tell of whom a row may speak: by number, user name, e-mail address, or the same name."""
    names, user_names, numbers, addresses = (
        {row.values[key] for row in rows if key in row.values}
        for key in ("printed_name", "user_name", "personnel_number", "email")
    )
    return or_(
        Person.sort_name.in_({sort_key(name) for name in names}),
        Person.user_name.in_(user_names),
        func.lower(Person.email).in_({address.lower() for address in addresses}),
        func.ltrim(Person.personnel_number, "0").in_({number.lstrip("0") for number in numbers}),
    )


def units_by_name(session: Session, organisation_id: int) -> dict[str, list[int]]:
    """Return the ids of units by their folded names."""
    found: dict[str, list[int]] = {}
    query = select(Unit.id, Unit.name).where(Unit.organisation_id == organisation_id)
    for unit_id, name in session.execute(query.order_by(Unit.id)):
        found.setdefault(fold(name), []).append(unit_id)
    return found
