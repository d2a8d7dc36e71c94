"""Understood sheets as they are kept while an import is under way. Pure."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from training.imports.mapping import Column, Sheet


def pack(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets as bytes; what was dropped from them is not in there."""
    return zlib.compress(json.dumps([_plain(sheet) for sheet in sheets]).encode(), 1)


def unpack(data: bytes) -> list[Sheet]:
    """Return the sheets that `pack` kept."""
    return [_sheet(plain) for plain in json.loads(zlib.decompress(data))]


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "columns": [[c.index, c.header, c.samples, c.field] for c in sheet.columns],
        "rows": sheet.rows,
        "citizen": sheet.citizen,
        "birth": sheet.birth,
        "known": sheet.known,
    }


def _sheet(plain: dict[str, Any]) -> Sheet:
    return Sheet(
        plain["name"],
        tuple(
            Column(index, header, tuple(samples), field)
            for index, header, samples, field in plain["columns"]
        ),
        tuple((number, tuple(cells)) for number, cells in plain["rows"]),
        citizen=tuple(plain["citizen"]),
        birth=tuple(plain["birth"]),
        known=plain["known"],
    )
