"""The rows of a mapped sheet as entries, each with its values or with what is wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from training.errors import spoken
from training.imports import people_values
from training.imports.mapping import Sheet

UNIQUE = ("personnel_number", "user_name")


@dataclass(frozen=True)
class Entry:
    """One row: the mapped cells as they stand there, and what they mean."""

    row: int
    cells: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    # The field that is wrong, and why.
    wrong: str = ""
    reason: str = ""


def of_sheet(sheet: Sheet, columns: Mapping[str, int]) -> list[Entry]:
    """Read each row by the columns of its fields; cells of other columns are left behind."""
    entries = []
    for row, texts in sheet.rows:
        cells = {name: texts[index] for name, index in columns.items() if texts[index]}
        if cells:
            entries.append(_entry(row, cells))
    return _without_doubles(entries)


def _entry(row: int, cells: Mapping[str, str]) -> Entry:
    try:
        values, note = people_values.read(cells)
    except people_values.Unusable as error:
        return Entry(row, cells, wrong=error.field, reason=error.reason)
    return Entry(row, cells, values, note)


def _without_doubles(entries: Sequence[Entry]) -> list[Entry]:
    """Mark every row but the first that has the same number or user name."""
    seen: set[tuple[str, str]] = set()
    result = []
    for entry in entries:
        keys = [(name, entry.values[name]) for name in UNIQUE if name in entry.values]
        double = next((name for name, value in keys if (name, value) in seen), "")
        seen.update(keys)
        if double:
            reason = spoken("Another row of this file has the same.")
            result.append(replace(entry, wrong=double, reason=reason))
        else:
            result.append(entry)
    return result
