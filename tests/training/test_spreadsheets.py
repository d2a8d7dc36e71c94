"""Tables as files: no cell is run by the program that opens it, and the others stay as they are."""

import csv
import io
import zipfile
from datetime import date

import pytest

from training.spreadsheets import csv_file, xlsx_file


def written(*rows: list[object]) -> list[list[str]]:
    """Return the cells of a CSV file after its header, as a program reads them."""
    with csv_file(["Name"], rows) as file:
        text = file.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert written([text]) == [[f"'{text}"]]
    with xlsx_file(["Name"], [[text, date(2027, 1, 2), 3, None]]) as file:
        sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 2


def test_other_cells_stay_what_they_are() -> None:
    assert written(["Zoë", 3], ["a,b", None]) == [["Zoë", "3"], ["a,b", ""]]
