"""Lists as offices send them, and a browser's way through an import."""

import io
import re
import secrets
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from werkzeug.test import TestResponse

from tests.pages import Browser

Cells = Sequence[Any]
CSV = "Naam;Personeelsnummer;Rang;Eenheid\n"


def workbook(
    sheets: dict[str, Sequence[Cells]], *, merged: Sequence[tuple[str, str, str]] = ()
) -> bytes:
    """Return an XLSX with these sheets; merges are (sheet, range, text)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for where, cells, text in merged:
                if where == name:
                    sheet.merge_range(cells, text)
    return target.getvalue()


def send(page: Browser, data: bytes, expect: int = 303, token: str | None = None) -> TestResponse:
    """Send a list in under a name that says nothing of its kind."""
    fields = {
        "token": token or secrets.token_urlsafe(16),
        "file": (io.BytesIO(data), "list.bin"),
    }
    return page.post("/imports/", fields, expect)


def map_columns(page: Browser, where: str, expect: int = 303, **fields: Any) -> TestResponse:
    """Say yes to what was recognised, but for these fields."""
    text = page.get(where).text
    chosen: dict[str, str] = {}
    for name, options in re.findall(
        r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL
    ):
        found = re.search(r'<option selected value="([^"]*)"', options)
        chosen[name] = found.group(1) if found else ""
    sheet = re.search(r'name="sheet"[^>]*value="(\d+)"', text)
    assert sheet is not None
    return page.post(where, {"sheet": sheet.group(1)} | chosen | fields, expect)


def plan(page: Browser, data: bytes, **fields: Any) -> str:
    """Send a list, say yes to its columns, and return the address of the dry run."""
    where = str(send(page, data).location)
    return str(map_columns(page, where, **fields).location)
