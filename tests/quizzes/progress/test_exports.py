"""Exports: exactly what is filtered, and text that no spreadsheet runs."""

import csv
import io
import zipfile
from datetime import date

import pytest

from quizzes.progress.exports import as_csv, as_xlsx
from tests.pages import Browser
from tests.quizzes.progress.conftest import SOON, Learners


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([text], [[text]]).decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]
    book = zipfile.ZipFile(io.BytesIO(as_xlsx([text], [[text, date(2027, 1, 2), 3, None]])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 2


def test_other_cells_stay_what_they_are() -> None:
    text = as_csv(["Name", "n"], [["Zoë", 3], ["a,b", None]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["Name", "n"], ["Zoë", "3"], ["a,b", ""]]


def test_the_export_holds_exactly_what_is_filtered_in_the_same_order(
    page: Browser, learners: Learners
) -> None:
    learners.new("Bea", due_on=None)
    learners.new("=HYPERLINK(1)")
    learners.done()
    answer = page.get("/progress/export.csv?state=not_started&sort=name")
    assert answer.headers["Content-Disposition"] == "attachment; filename=progress.csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "Bea"]
    assert [row[5] for row in rows[1:]] == [SOON.isoformat(), ""]
    assert {row[6] for row in rows[1:]} == {"Not started"}
    book = page.get("/progress/export.xlsx?state=done")
    sheet = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "Dora Done" in sheet
    assert "Bea" not in sheet
