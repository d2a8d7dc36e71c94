"""The list of people: how its rows become people, new and changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from training import audit
from training.accounts import names
from training.accounts.models import Person, Unit
from training.errors import spoken
from training.imports import around, entries
from training.imports.entries import Entry
from training.imports.models import About, ImportedPerson, Upload
from training.imports.people_columns import PEOPLE
from training.imports.planning import Kind, Planned
from training.imports.reading import MOST_ROWS
from training.imports.subjects import Subject
from training.permissions import Permission

# An ordinary column of each new row, so that all rows are written by one statement.
COLUMNS = ("rank", "personnel_number", "unit_id", "email")
# What every list of people has, and what to say of one without it.
A_NAME = (
    frozenset({"name", "family"}),
    spoken("Say which column holds the name, or the family name."),
)


def write(
    session: Session, upload: Upload, planned: Sequence[Planned], at: datetime, *, at_once: bool
) -> None:
    """Add and change people; in batches they open together at the end."""
    units = make_units(session, upload.organisation_id, planned)
    add(session, upload, [r for r in planned if r.kind is Kind.NEW], units, at, opened=at_once)
    changed = [r for r in planned if r.kind is Kind.CHANGED]
    if changed:
        session.execute(update(Person), [_change(row, units) for row in changed])
    _note(
        session,
        [
            _imported(upload, row.person.id, sorted(row.values), created=False)
            for row in changed
            if row.person
        ],
    )


def add(
    session: Session,
    upload: Upload,
    new: Sequence[Planned],
    units: Mapping[str, int],
    at: datetime,
    *,
    opened: bool,
) -> list[int]:
    """Add people and return their ids in the order of the rows."""
    if not new:
        return []
    query = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    rows = [_row(upload, row, units, at, opened=opened) for row in new]
    made = list(session.scalars(query, rows))
    _note(session, [_imported(upload, person_id, [], created=True) for person_id in made])
    return made


def _note(session: Session, done: Sequence[dict[str, Any]]) -> None:
    if done:
        session.execute(insert(ImportedPerson), done)


def _imported(
    upload: Upload, person_id: int, fields: list[str], *, created: bool
) -> dict[str, Any]:
    return {
        "upload_id": upload.id,
        "person_id": person_id,
        "created": created,
        "fields": fields,
    }


def make_units(
    session: Session, organisation_id: int, planned: Sequence[Planned]
) -> dict[str, int]:
    """Make the units that rows name and nobody knew, each once; return them by folded name."""
    wanted = {
        names.fold(row.values["unit"]): row.values["unit"]
        for row in reversed(planned)
        if "unit" in row.values
    }
    units = [Unit(organisation_id=organisation_id, name=name) for name in wanted.values()]
    session.add_all(units)
    session.flush()
    return {names.fold(unit.name): unit.id for unit in units}


def _row(
    upload: Upload, planned: Planned, units: Mapping[str, int], at: datetime, *, opened: bool
) -> dict[str, Any]:
    values = dict.fromkeys(COLUMNS) | _with_unit(planned, units)
    return values | {
        "organisation_id": upload.organisation_id,
        "created_at": at,
        "is_active": opened,
        **_found_by(values),
    }


def _with_unit(planned: Planned, units: Mapping[str, int]) -> dict[str, Any]:
    values = dict(planned.values)
    if "unit" in values:
        values["unit_id"] = units[names.fold(values.pop("unit"))]
    return values


def _found_by(values: dict[str, Any], native_name: str | None = None) -> dict[str, str]:
    words = ("user_name", "personnel_number", "email")
    return {
        "sort_name": names.sort_key(values["printed_name"]),
        "search_tokens": names.tokens(
            values["printed_name"], native_name, *(values[word] for word in words)
        ),
    }


def _change(planned: Planned, units: Mapping[str, int]) -> dict[str, Any]:
    person = planned.person._asdict() if planned.person else {}
    values = _with_unit(planned, units)
    found = _found_by(person | values, person["native_name"])
    return {"id": person["id"]} | values | found


def finish(session: Session, upload: Upload, _rows: Sequence[Entry], at: datetime) -> None:
    """Open the accounts together, and write one event of it all."""
    mine = ImportedPerson.upload_id == upload.id
    made = select(ImportedPerson.person_id).where(mine, ImportedPerson.created)
    session.execute(
        update(Person)
        .where(Person.id.in_(made), Person.is_active.is_(False), Person.merged_into_id.is_(None))
        .values(is_active=True)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(
        select(ImportedPerson.person_id, ImportedPerson.created, ImportedPerson.fields).where(mine)
    ).all()
    audit.record(
        session,
        "people.imported",
        "import",
        upload.id,
        actor_id=upload.uploaded_by_id,
        at=at,
        sha256=upload.sha256,
        created=[person_id for person_id, created, _ in done if created],
        changed={str(person_id): fields for person_id, created, fields in done if not created},
        unchanged=upload.unchanged,
        set_aside=upload.set_aside,
    )


def digest(_upload: Upload, entry: Entry) -> str:
    """Return what tells the cells of a row from those of any other."""
    text = json.dumps(dict(entry.cells), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


SUBJECT = Subject(
    about=About.PEOPLE,
    permission=Permission.MANAGE_PEOPLE,
    vocabulary=PEOPLE,
    needed=(A_NAME,),
    most=MOST_ROWS,
    at_once=1_000,
    batch=250,
    whole=False,
    entries=lambda sheet, mapping, _upload: entries.of_sheet(sheet, mapping),
    planner=around.planner,
    planner_of=around.planner_of,
    write=write,
    digest=digest,
    finish=finish,
)
