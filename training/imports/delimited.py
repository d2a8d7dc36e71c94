"""Text files with separators: which letters, which separator, which rows. Pure."""

import csv
import io
from collections import Counter

from training.errors import Invalid
from training.imports.reading import Table, table

SEPARATORS = ";,\t|"
LOOKED_AT = 30
MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read(data: bytes) -> Table:
    """Return the one table of a CSV file. Raises `Invalid` for what is no text."""
    text = decode(data)
    # Excel itself writes the separator into the first line when it is asked to.
    if text[:4].lower() == "sep=":
        first, _, text = text.partition("\n")
        separator = first[4:5]
    else:
        separator = _separator(text)
    try:
        # The numbers of rows stay those that a spreadsheet shows.
        return table("", csv.reader(io.StringIO(text, newline=""), delimiter=separator or ";"))
    except (csv.Error, TypeError) as error:
        raise Invalid(
            "file", "The file cannot be read as a table. Save it as XLSX and send it again."
        ) from error


def decode(data: bytes) -> str:
    """Return the text in whichever of the usual encodings it is written."""
    encoding = next((name for mark, name in MARKED if data.startswith(mark)), None)
    for candidate in [encoding] if encoding else _guesses(data):
        try:
            text = data.decode(candidate)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(
        "file",
        "The letters of this file cannot be read. Save it as CSV UTF-8 or as XLSX and send it "
        "again.",
    )


def _guesses(data: bytes) -> list[str]:
    sample = data[:2000]
    # Text of Europe in two bytes a letter has a NUL in every other place.
    if len(sample) % 2 == 0 and sample[1::2].count(0) > len(sample) // 4:
        return ["utf-16-le"]
    if len(sample) % 2 == 0 and sample[0::2].count(0) > len(sample) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _separator(text: str) -> str:
    """Return the separator that cuts the most lines into the same number of cells."""
    lines = text.splitlines()[:LOOKED_AT]
    best, most = ";", 0
    for separator in SEPARATORS:
        try:
            counted = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator))
        except csv.Error:
            continue
        agreeing = max((n for width, n in counted.items() if width > 1), default=0)
        if agreeing > most:
            best, most = separator, agreeing
    return best
