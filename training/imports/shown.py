"""What the pages of an import show of its rows."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from training.imports.desk import Desk
from training.imports.models import SetAside, Upload, UploadState
from training.imports.planning import Kind, Known, Planned

PAGE = 100
KINDS = {
    Kind.PROBLEM: _l("Problem"),
    Kind.ASK: _l("Question"),
    Kind.NEW: _l("New"),
    Kind.CHANGED: _l("Changed"),
    Kind.UNCHANGED: _l("Unchanged"),
    Kind.ASIDE: _l("Set aside"),
}
BADGES = {
    Kind.PROBLEM: "notready",
    Kind.ASK: "risk",
    Kind.NEW: "ready",
    Kind.CHANGED: "schedule",
    Kind.UNCHANGED: "done",
    Kind.ASIDE: "waived",
}


def known_kind(text: str) -> str | None:
    """Return a kind of row as it stands in an address; None for anything else."""
    return text if text in {kind.value for kind in Kind} else None


def upload(row: Upload) -> dict[str, Any]:
    """Return what is said of an import as a whole."""
    return {
        "state": row.state.value,
        "under_way": row.state is UploadState.APPLYING,
        "at": row.uploaded_at,
        "created": row.created,
        "changed": row.changed,
        "unchanged": row.unchanged,
        "set_aside": row.set_aside,
        "done": row.created + row.changed + row.unchanged + row.set_aside,
        "total": row.total,
        "url": url_for(".show", upload_id=row.id),
    }


def plan(
    desk: Desk, found: Upload, planned: Sequence[Planned], wanted: str, after: int
) -> dict[str, Any]:
    """Return the dry run: how many of each kind, and a page of one kind."""
    counts = Counter(row.kind for row in planned)
    kind = next((k for k in Kind if k.value == wanted), None)
    kind = kind or next((k for k in KINDS if counts[k]), Kind.NEW)
    rows = [row for row in planned if row.kind is kind and row.entry.row > after]
    page, more = rows[:PAGE], len(rows) > PAGE
    addresses: dict[str, Any] = {"upload_id": found.id}
    return {
        "kinds": [
            {
                "label": label,
                "count": counts[k],
                "badge": BADGES[k],
                "url": url_for(".show", **addresses, show=k.value),
                "current": k is kind,
            }
            for k, label in KINDS.items()
        ],
        "kind": kind.value,
        "rows": [_row(desk, row) for row in page],
        "next_url": url_for(".show", **addresses, show=kind.value, after=page[-1].entry.row)
        if more
        else None,
        "problems": counts[Kind.PROBLEM],
        "questions": counts[Kind.ASK],
        "taken": counts[Kind.NEW] + counts[Kind.CHANGED],
        "unchanged": counts[Kind.UNCHANGED],
        "decide_url": url_for(".decide", **addresses),
        "apply_url": url_for(".apply", **addresses),
        "columns_url": url_for(".columns", **addresses),
        "discard_url": url_for(".discard", **addresses),
    }


def _row(desk: Desk, row: Planned) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": entry.row,
        "name": desk.name_of(row),
        "label": KINDS[row.kind],
        "badge": BADGES[row.kind],
        "column": desk.fields.get(row.wrong, ""),
        "reason": _(row.reason) if row.reason else "",
        "notes": [_(note) for note in (entry.note, *row.notes) if note],
        "there": _there(row.person) if row.kind is Kind.ASK and row.person else "",
        "changes": desk.changes(row),
        "kind": row.kind.value,
    }


def _there(person: Known) -> str:
    return ", ".join(filter(None, (person.printed_name, person.personnel_number, person.user_name)))


def aside(desk: Desk, row: SetAside) -> dict[str, Any]:
    """Return a row that is left to do."""
    return {
        "number": row.row,
        "cells": [(desk.fields.get(name, name), text) for name, text in row.cells.items()],
        "column": desk.fields.get(row.field, ""),
        "reason": _(row.reason),
        "at": row.set_aside_at,
        "url": url_for(".close_row", row_id=row.id),
    }
