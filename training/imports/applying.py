"""Taking over what was planned: at once, or in batches behind one switch."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from training import audit
from training.accounts import names
from training.accounts.models import Organisation, Person, Unit
from training.errors import Invalid, spoken
from training.imports import around, services
from training.imports.entries import Entry
from training.imports.models import (
    ImportedPerson,
    SetAside,
    Upload,
    UploadContent,
    UploadState,
)
from training.imports.planning import Kind, Planned
from training.orm import insert_once
from training.permissions import Viewer

AT_ONCE = 1_000
BATCH = 250
TRIES = 5
ON_PURPOSE = spoken("Set aside on purpose.")
# An ordinary column of each new row, so that all rows are written by one statement.
COLUMNS = ("rank", "personnel_number", "unit_id", "email")


@dataclass(frozen=True)
class Seen:
    """What somebody saw when they said yes: the rows, and how they were to be read."""

    rows: Sequence[Entry]
    planned: Sequence[Planned]
    taken: frozenset[str]
    how: tuple[Any, ...]


def look(session: Session, viewer: Viewer, upload_id: int) -> Seen:
    """Read and plan an import before the transaction that takes it over."""
    upload = services.own(session, viewer, upload_id)
    if upload.state is not UploadState.OPEN:
        return Seen((), (), frozenset(), ())
    if not upload.mapping:
        raise Invalid("mapping", "Say first what the columns hold.")
    rows = services.entries_of(session, upload)
    planner = around.planner(session, upload, viewer.person_id)
    return Seen(rows, planner.plan(rows), planner.around.user_names, _how(upload))


def _how(upload: Upload) -> tuple[Any, ...]:
    return upload.sheet, upload.mapping, upload.choices, upload.decisions


def apply(session: Session, viewer: Viewer, upload_id: int, seen: Seen, *, at: datetime) -> Upload:
    """Take over every row that was not set aside; again changes nothing.

    More than a thousand rows are left to `go_on`. Raises `Invalid` while a row is undecided.
    """
    upload = services.own(session, viewer, upload_id, lock=True)
    if upload.state is not UploadState.OPEN:
        return upload
    if _how(upload) != seen.how:
        raise Invalid("rows", "Somebody has changed this import meanwhile. Look at it again.")
    planned = seen.planned
    if len(seen.rows) <= AT_ONCE:
        _hold(session, upload)
        planner = around.planner_of(session, upload, viewer.person_id, seen.rows, seen.taken)
        planned = planner.plan(seen.rows)
    if any(row.open for row in planned):
        raise Invalid("rows", "Some rows still need a decision. Decide on each, or set it aside.")
    upload.total, upload.state = len(seen.rows), UploadState.APPLYING
    upload.uploaded_by_id = viewer.person_id
    if len(seen.rows) <= AT_ONCE:
        _take_over(session, upload, seen.rows, seen.taken, at, opened=True)
        _finish(session, upload, at)
    return upload


def waiting(session: Session) -> list[int]:
    """Return the imports that are under way, the oldest first."""
    query = select(Upload.id).where(Upload.state == UploadState.APPLYING)
    return list(session.scalars(query.order_by(Upload.id)))


def rows_left(session: Session, upload_id: int) -> list[Entry]:
    """Read what is left of an import, before any transaction."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.state is not UploadState.APPLYING:
        return []
    return [entry for entry in services.entries_of(session, upload) if entry.row > upload.reached]


def go_on(
    session: Session, upload_id: int, rows: Sequence[Entry], taken: frozenset[str], *, at: datetime
) -> bool:
    """Take over the next batch of these rows; tell whether the import is still under way.

    `taken` are the user names of before this transaction.
    """
    upload = session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None or upload.state is not UploadState.APPLYING:
        return False
    left = [entry for entry in rows if entry.row > upload.reached]
    if left:
        _hold(session, upload)
        _take_over(session, upload, left[:BATCH], taken, at, opened=False)
        return True
    _finish(session, upload, at)
    return False


def _hold(session: Session, upload: Upload) -> None:
    session.get_one(
        Organisation, upload.organisation_id, with_for_update=True, populate_existing=True
    )


def _take_over(
    session: Session,
    upload: Upload,
    rows: Sequence[Entry],
    taken: frozenset[str],
    at: datetime,
    *,
    opened: bool,
) -> None:
    for remaining in reversed(range(TRIES)):
        planner = around.planner_of(session, upload, upload.uploaded_by_id, rows, taken)
        planned = planner.plan(rows)
        try:
            with session.begin_nested():
                _write(session, upload, planned, at, opened=opened)
        except IntegrityError:
            # Another organisation has taken a user name meanwhile: then plan again.
            if not remaining:
                raise
            taken = around.taken_names(session)
        else:
            break
    upload.reached = rows[-1].row if rows else upload.reached
    upload.created += sum(row.kind is Kind.NEW for row in planned)
    upload.changed += sum(row.kind is Kind.CHANGED for row in planned)
    upload.unchanged += sum(row.kind is Kind.UNCHANGED for row in planned)
    upload.set_aside += sum(row.open or row.kind is Kind.ASIDE for row in planned)


def _write(
    session: Session, upload: Upload, planned: Sequence[Planned], at: datetime, *, opened: bool
) -> None:
    units = _make_units(session, upload.organisation_id, planned)
    _set_aside(session, upload, [r for r in planned if r.open or r.kind is Kind.ASIDE], at)
    new = [_row(upload, r, units, at, opened=opened) for r in planned if r.kind is Kind.NEW]
    made: list[int] = []
    if new:
        query = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        made = list(session.scalars(query, new))
    changed = [r for r in planned if r.kind is Kind.CHANGED]
    if changed:
        session.execute(update(Person), [_change(row, units) for row in changed])
    done = [_imported(upload, person_id, [], created=True) for person_id in made]
    done += [
        _imported(upload, row.person.id, sorted(row.values), created=False)
        for row in changed
        if row.person
    ]
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


def _make_units(
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
    upload: Upload, planned: Planned, units: dict[str, int], at: datetime, *, opened: bool
) -> dict[str, Any]:
    values = dict.fromkeys(COLUMNS) | _with_unit(planned, units)
    return values | {
        "organisation_id": upload.organisation_id,
        "created_at": at,
        "is_active": opened,
        **_found_by(values),
    }


def _with_unit(planned: Planned, units: dict[str, int]) -> dict[str, Any]:
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


def _change(planned: Planned, units: dict[str, int]) -> dict[str, Any]:
    person = planned.person._asdict() if planned.person else {}
    values = _with_unit(planned, units)
    found = _found_by(person | values, person["native_name"])
    return {"id": person["id"]} | values | found


def _set_aside(session: Session, upload: Upload, planned: Sequence[Planned], at: datetime) -> None:
    rows = [
        {
            "organisation_id": upload.organisation_id,
            "digest": _digest(row.entry),
            "row": row.entry.row,
            "cells": dict(row.entry.cells),
            "field": row.wrong,
            "reason": row.reason or ON_PURPOSE,
            "set_aside_by_id": upload.uploaded_by_id,
            "set_aside_at": at,
        }
        for row in planned
    ]
    if rows:
        session.execute(insert_once(session, SetAside), rows)


def _digest(entry: Entry) -> str:
    text = json.dumps(dict(entry.cells), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _finish(session: Session, upload: Upload, at: datetime) -> None:
    """Open the accounts together, forget the list, and write one event of it all."""
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
    upload.state, upload.decisions = UploadState.DONE, {}
    session.execute(delete(ImportedPerson).where(mine))
    session.execute(delete(UploadContent).where(UploadContent.upload_id == upload.id))
