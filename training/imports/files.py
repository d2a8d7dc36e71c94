"""Which kind of file it is, told by its content. Pure."""

from training.errors import Invalid
from training.imports import delimited, workbook
from training.imports.reading import MOST_BYTES, Table

ARCHIVE = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def tables(data: bytes) -> list[Table]:
    """Return the tables of a file, without its empty sheets. Raises `Invalid` with the remedy."""
    _refuse_other_kinds(data)
    found = workbook.read(data) if data.startswith(ARCHIVE) else [delimited.read(data)]
    if not any(len(table.rows) > 1 for table in found):
        raise Invalid("file", "The file has no rows below its header.")
    return [table for table in found if table.rows]


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip():
        raise Invalid("file", "The file is empty.")
    if len(data) > MOST_BYTES:
        raise Invalid(
            "file", "The file is larger than 5 MB. Keep only the columns you need, or split it."
        )
    if data.startswith(COMPOUND):
        if ENCRYPTED in data:
            raise Invalid(
                "file", "The workbook is protected with a password. Save it without one first."
            )
        raise Invalid("file", "This is an old Excel workbook. Save it as XLSX and send that.")
    start = data[:200].lstrip().lower()
    if start.startswith(b"%pdf"):
        raise Invalid("file", "This is a PDF. Send the list it was made from, as XLSX or CSV.")
    if data.startswith(PICTURES):
        raise Invalid("file", "This is a picture. Send the list itself, as XLSX or CSV.")
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Invalid("file", "This is a web page. Open it in a spreadsheet and save it as XLSX.")
