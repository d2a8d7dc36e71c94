"""Files as offices send them: what is read of them, and what each bad one is told."""

import io
import struct
import zipfile
import zlib
from datetime import datetime

import pytest
import xlsxwriter

from tests.training.imports.lists import workbook
from training.errors import Invalid
from training.imports import files
from training.imports.reading import MOST_ROWS

ROWS = [["Naam", "Rang"], ["Zoë Pérez", "sgt"]]


def rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows of the only table of a file."""
    (table,) = files.tables(data)
    return list(table.rows)


def refusal(data: bytes) -> str:
    """Return what is said of a file that cannot be read."""
    with pytest.raises(Invalid) as caught:
        files.tables(data)
    assert caught.value.field == "file"
    return str(caught.value)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_csv_reads_alike_in_every_usual_encoding_and_with_every_separator(
    encoding: str, separator: str
) -> None:
    text = "\r\n".join(separator.join(row) for row in ROWS)
    assert rows(text.encode(encoding)) == [(1, ("Naam", "Rang")), (2, ("Zoë Pérez", "sgt"))]


def test_the_separator_that_a_spreadsheet_names_itself_is_no_row() -> None:
    assert rows(b"sep=;\r\nNaam;Rang\r\nA;b\r\n")[0][1] == ("Naam", "Rang")


def test_commas_inside_names_do_not_cut_a_list_with_semicolons() -> None:
    data = b'Naam;Rang\n"Jansen, J.M. (Jan)";sgt\nVries, P. de;kpl\n'
    assert rows(data)[1][1] == ("Jansen, J.M. (Jan)", "sgt")


def test_a_workbook_reads_without_its_empty_rows_and_columns_but_with_their_numbers() -> None:
    data = workbook({"a": [[], ["", "Lijst"], [], ["", "Naam", "", "Nr"], [], ["", "A", "", 12]]})
    assert rows(data) == [(2, ("Lijst", "")), (4, ("Naam", "Nr")), (6, ("A", "12"))]


def test_numbers_dates_and_formulas_are_the_values_one_sees() -> None:
    target = io.BytesIO()
    import_day = datetime(1990, 5, 4)  # noqa: DTZ001 - a workbook knows no zones
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["A", "B", "C", "D"])
        sheet.write_row(1, 0, [123.0, "00123", import_day])
        sheet.write_formula(1, 3, '=HYPERLINK("http://x","y")', None, "Jansen")
    assert rows(target.getvalue())[1][1] == ("123", "00123", "1990-05-04", "Jansen")


def test_a_cell_merged_over_rows_holds_for_each_of_them() -> None:
    data = workbook(
        {"a": [["Unit", "Naam"], ["", "A"], ["", "B"]]}, merged=[("a", "A2:A3", "1 Coy")]
    )
    assert [cells for _, cells in rows(data)][1:] == [("1 Coy", "A"), ("1 Coy", "B")]


def test_a_sheet_that_holds_nothing_is_left_out() -> None:
    assert [t.name for t in files.tables(workbook({"leeg": [], "mensen": ROWS}))] == ["mensen"]


def changed(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with another part."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%s"><c%s><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)
BOOK = workbook({"a": ROWS})
BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n \n", "is empty"),
    "header only": (b"Naam;Rang\n", "no rows below its header"),
    "too large": (b"a;b\n" * 1_400_000, "larger than 5 MB"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protected with a password",
    ),
    "pdf": (b"%PDF-1.7\n...", "This is a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "This is a picture"),
    "web page": (b"<html><table><tr><td>Naam</td></tr></table>", "This is a web page"),
    "letters": (b"Naam;Rang\n\x81\x8d;\x8f\n", "letters of this file cannot be read"),
    "NUL": (b"Naam;Rang\na\0b;c\n", "letters of this file cannot be read"),
    "cut off": (BOOK[: len(BOOK) // 2], "is damaged"),
    "flipped": (BOOK[:60] + b"\xff" * 40 + BOOK[100:], "is damaged"),
    "far row": (changed(BOOK, SHEET, FAR % (b"1048576", b' r="B1048576"')), "20,000 rows"),
    "far column": (changed(BOOK, SHEET, FAR % (b"2", b' r="XFD2"')), "256 columns"),
    "far row without places": (changed(BOOK, SHEET, FAR % (b"1048576", b"")), "20,000 rows"),
    "bomb": (changed(BOOK, SHEET, b" " * 70_000_000), "too large once unpacked"),
    "rows": (b"Naam;Rang\n" + b"a;b\n" * 100_000, "more than 20,000 rows"),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_bad_file_has_its_own_plain_answer(kind: str) -> None:
    data, said = BAD[kind]
    assert said in refusal(data)


def test_an_archive_that_is_no_workbook_is_said_to_be_none() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "This is not a workbook" in refusal(target.getvalue())


def test_a_workbook_of_100_000_rows_says_what_to_do() -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 100_001)
    )
    ends = FAR.split(b'<row r="1">')[0], b"</sheetData></worksheet>"
    assert "at most 20,000 rows" in refusal(changed(BOOK, SHEET, ends[0] + cells + ends[1]))


def test_the_largest_list_is_read() -> None:
    assert len(rows(b"Naam;Rang\n" + b"a;b\n" * MOST_ROWS)) == MOST_ROWS + 1


def test_an_archive_that_lies_about_a_size_is_read_no_further_than_it_says() -> None:
    """Its directory promises a few bytes; the stream would go on for 200 million."""
    promised = b" " * 100
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(b" " * 200_000_000) + packed.flush()
    name = SHEET.encode()
    crc = zlib.crc32(promised)
    numbers = (20, 0, 8, 0, 33, crc, len(stream), len(promised), len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *numbers) + name + stream
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + struct.pack("<HHHHHIIIHH", *numbers)
    entry += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    data = (
        local
        + entry
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    )
    assert "not a workbook" in refusal(data)
