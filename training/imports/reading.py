"""Tables from the bytes of a file, whatever its name says. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 256
LONGEST_CELL = 500
# Rows above the header, such as a title and a date, do not count as rows of people.
ABOVE = 50

Row = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """A sheet: its rows that hold anything, each with its number in the file."""

    name: str
    rows: tuple[Row, ...]


def tidy_cell(text: str) -> str:
    """Return the text of a cell on one line, without blanks around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST_CELL]


def table(name: str, lines: Iterable[Sequence[str]]) -> Table:
    """Return a table without its empty rows and columns. Raises `Invalid` for too many rows."""
    kept: list[Row] = []
    for number, cells in enumerate(lines, 1):
        tidied = tuple(tidy_cell(cell) for cell in cells)
        if any(tidied):
            kept.append((number, tidied))
        refuse_size(len(kept), len(tidied))
    return Table(name, tuple(_without_empty_columns(kept)))


def refuse_size(rows: int, columns: int) -> None:
    """Raise `Invalid` for a table that is larger than an import takes."""
    if rows > MOST_ROWS + ABOVE:
        raise Invalid(
            "file",
            "The file has more than 20,000 rows. Split it into files of at most 20,000 rows each.",
        )
    if columns > MOST_COLUMNS:
        raise Invalid(
            "file",
            "The file has more than 256 columns. Keep only the columns about people and send it "
            "again.",
        )


def _without_empty_columns(rows: Sequence[Row]) -> list[Row]:
    width = max((len(cells) for _, cells in rows), default=0)
    square = [(number, cells + ("",) * (width - len(cells))) for number, cells in rows]
    used = [column for column in range(width) if any(cells[column] for _, cells in square)]
    return [(number, tuple(cells[column] for column in used)) for number, cells in square]
