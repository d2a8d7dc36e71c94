"""The rows of a roster: people and vacant posts, under the unit that stands above them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from training.accounts.names import fold
from training.errors import spoken
from training.imports import people_values
from training.imports.entries import Entry
from training.imports.mapping import Sheet
from training.imports.people_values import Unusable
from training.rosters import days, functions

NAMES = ("name", "family", "given", "initials", "infix")
IDENTIFIERS = ("personnel_number", "user_name", "email")
VACANT = re.compile(
    r"vac|vacant\b.*|vacature\b.*|nnb?|n n b?|ntb|n t b|tb[acd]|t b [acd]|nog niet bekend.*"
    r"|nog te (?:bepalen|benoemen|vullen).*|nader te bepalen|onbekend|to be (?:confirmed|decided)"
    r"|unknown|poste vacant|a pourvoir"
)
UNIT = re.compile(
    r"\b(?:\w*compagnie|cie|coy|company|\w*peloton|platoon|\w*bataljon|battalion|\w*staf|staff|hq"
    r"|headquarters|hoofdkwartier|\w*detachement|detachment|eenheid|unit|\w*team|sectie|section"
    r"|squadron|\w*eskadron|brigade|\w*groep|group|afdeling|regiment|support|fpu|unite)\b|\d"
)
AROUND_UNIT = re.compile(
    r"^(?:eenheid|onderdeel|unit|unité)\s*:\s*|\s*(?:\([^()]*\))?\s*:?\s*$", re.IGNORECASE
)
LONGEST_POST = 120


@dataclass(frozen=True)
class Line(Entry):
    """One row of a roster, as far as it could be understood."""

    vacant: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    post: str = ""
    # What a column of functions says, and the post with it; None when the column says nothing.
    functions: tuple[str, ...] | None = None
    # What the title of the post says, for a deployment that is new.
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_sheet(sheet: Sheet, columns: Mapping[str, int], today: date) -> list[Line]:
    """Read each row by the columns of its fields; a unit alone in a row holds for those below."""
    lines, section = [], ""
    headers = {column.index: fold(column.header) for column in sheet.columns}
    for number, texts in sheet.rows:
        if found := _section(texts, columns):
            section = found
            continue
        cells = {name: texts[index] for name, index in columns.items() if texts[index]}
        if not cells or _is_header(texts, headers):
            continue
        if section and "unit" not in cells:
            cells["unit"] = section
        lines.append(_line(number, cells, today))
    return lines


def _section(texts: Sequence[str], columns: Mapping[str, int]) -> str:
    """Return the unit that a row names when it holds nothing else."""
    filled = [index for index, text in enumerate(texts) if text]
    if len(filled) != 1:
        return ""
    text = texts[filled[0]]
    total = fold(text).split()[:1] and fold(text).split()[0] in people_values.TOTALS.split()
    place = next((name for name, index in columns.items() if index == filled[0]), "")
    if total or (place in NAMES and not UNIT.search(fold(text))):
        return ""
    return AROUND_UNIT.sub("", text).strip() if fold(text) else ""


def _is_header(texts: Sequence[str], headers: Mapping[int, str]) -> bool:
    """Tell whether the header stands here once more, as it does at the top of each page."""
    same = [index for index, text in enumerate(texts) if text and fold(text) == headers[index]]
    return len(same) > 1


def _line(row: int, cells: dict[str, str], today: date) -> Line:
    vacant = _is_vacant(cells)
    if vacant:
        cells = {name: text for name, text in cells.items() if name not in {*NAMES, *IDENTIFIERS}}
    found: dict[str, Any] = {"row": row, "cells": cells, "vacant": vacant}
    try:
        if vacant:
            found["values"] = _values(cells, ("unit", "category"))
        else:
            found["values"], found["note"] = people_values.read(cells)
        return Line(**found | _own_fields(cells, today))
    except Unusable as error:
        # Whom the row is about matters even when it cannot be taken over.
        known = {name: cells[name] for name in (*IDENTIFIERS, "unit") if name in cells}
        found["values"] = known | found.get("values", {})
        return Line(**found, wrong=error.field, reason=error.reason)


def _is_vacant(cells: Mapping[str, str]) -> bool:
    name = " ".join(cells[part] for part in NAMES if part in cells)
    if not name:
        return "post" in cells and not any(part in cells for part in IDENTIFIERS)
    return VACANT.fullmatch(fold(name)) is not None


def _values(cells: Mapping[str, str], wanted: Sequence[str]) -> dict[str, Any]:
    return {name: people_values.PARSERS[name](cells[name]) for name in wanted if name in cells}


def _own_fields(cells: Mapping[str, str], today: date) -> dict[str, Any]:
    starts_on, first = _day(cells, "starts_on", today)
    ends_on, last = _day(cells, "ends_on", starts_on)
    if ends_on < starts_on:
        raise Unusable("ends_on", spoken("The last day is before the first."))
    post = cells.get("post", "")
    if len(post) > LONGEST_POST:
        raise Unusable("post", spoken("This cell is too long."))
    named, told = functions.read(cells.get("functions", "")), functions.named(post)
    if named is None:
        reason = spoken(
            "This function is not known. Use leader, decision maker, community-facing, GENAD or "
            "GFP."
        )
        raise Unusable("functions", reason)
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "post": post,
        "functions": tuple(sorted({*named, *told})) if "functions" in cells else None,
        "told": tuple(told),
        "notes": tuple(dict.fromkeys(filter(None, (first, last)))),
    }


def _day(cells: Mapping[str, str], field: str, after: date) -> tuple[date, str]:
    missing = {
        "starts_on": spoken("There is no first day in this row."),
        "ends_on": spoken("There is no last day in this row."),
    }
    if field not in cells:
        raise Unusable(field, missing[field])
    try:
        return days.read(cells[field], after, last=field == "ends_on")
    except days.Unreadable as error:
        raise Unusable(field, str(error)) from error
