"""Tables as files for offices: CSV and XLSX, in constant memory, with formulas made harmless."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter

# A cell that begins with one of these is run by programs that open the file.
FORMULA = frozenset("=+-@\t\r")
BYTE_ORDER_MARK = "\ufeff"
CSV = "text/csv"  # Flask adds that it is UTF-8.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22

Row = Sequence[Any]


def harmless(cell: Any) -> Any:
    """Return a cell which no program takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell


def csv_file(header: Row, rows: Iterable[Row]) -> IO[bytes]:
    """Return a CSV file, ready to be read; dates are written as in ISO 8601."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    # It tells Excel that this is UTF-8. The codec that writes it by itself takes longer per row.
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()
    file.seek(0)
    return file


def xlsx_file(header: Row, rows: Iterable[Row]) -> IO[bytes]:
    """Return an XLSX file, ready to be read; text stays text, whatever it begins with."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_column(0, len(header) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                sheet.write_string(number, column, str(cell))
    book.close()
    file.seek(0)
    return file
