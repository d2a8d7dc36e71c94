"""Workbooks: XLSX within bounds that are checked before anything is unpacked. Pure."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from training.errors import Invalid
from training.imports.reading import MOST_COLUMNS, Table, refuse_size, table

MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
MOST_SHEETS = 50
WORKBOOK = "xl/workbook.xml"
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell that holds something, with its place when the file says it.
CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)(?<!/)>")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,9})["']""")
BROKEN = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)


def read(data: bytes) -> list[Table]:
    """Return the sheets of a workbook. Raises `Invalid` for anything else, broken or too large."""
    try:
        return _sheets(_checked(data))
    except Invalid:
        raise
    except BROKEN as error:
        raise Invalid(
            "file", "The workbook is damaged. Open it, save it again as XLSX and send that."
        ) from error


def _checked(data: bytes) -> bytes:
    """Return the workbook packed anew, with nothing in it that was not measured.

    What the directory of an archive says of a size is believed by nobody: a part is read no
    further than that, and the reader of workbooks gets what was read.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Invalid(
                "file",
                "The workbook is too large once unpacked. Copy the rows you need into a new "
                "workbook and send that.",
            )
        names = archive.namelist()
        if WORKBOOK not in names:
            raise Invalid(
                "file",
                "This is not a workbook. Send XLSX or CSV; from another program, save it as XLSX "
                "first.",
            )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    content = archive.read(part)
                    _refuse_far_cells(part.filename, content)
                    target.writestr(part.filename, content)
    return packed.getvalue()


def _refuse_far_cells(name: str, content: bytes) -> None:
    # One cell at the far end would make the reader ask for memory for all before it.
    if not SHEET.fullmatch(name):
        return
    rows, columns, unplaced = 0, 0, 0
    for cell in CELL.finditer(content):
        place = PLACE.search(cell.group(1))
        if place is None:
            unplaced += 1
            continue
        rows = max(rows, int(place.group(2)))
        columns = max(columns, _column(place.group(1)))
    if unplaced:
        rows = max(rows, *(int(row.group(1)) for row in ROW.finditer(content)), 0, 0)
    refuse_size(rows, columns)
    if rows * max(columns, min(unplaced, MOST_COLUMNS)) > MOST_CELLS:
        refuse_size(0, MOST_COLUMNS + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheets(data: bytes) -> list[Table]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        found = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names[:MOST_SHEETS]]
        return [sheet for sheet in (_table(sheet) for sheet in found) if sheet.rows]


def _table(sheet: CalamineSheet) -> Table:
    lines = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    _fill_down(lines, sheet.merged_cell_ranges or [])
    return table(sheet.name[:100], lines)


def _fill_down(
    lines: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Repeat a cell that was merged over rows in each of them, as the reader of it understands."""
    left = MOST_CELLS
    for (top, first), (bottom, last) in merged:
        if first != last or top >= len(lines) or first >= len(lines[top]):
            continue
        for line in lines[top + 1 : min(bottom, top + left) + 1]:
            line[first] = lines[top][first]
        left = max(left - (bottom - top), 0)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond it figures are lost
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)
