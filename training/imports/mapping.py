"""What the columns of a table hold: its header, the field of each column, what is dropped. Pure.

Which fields there are is a `Vocabulary` that the caller brings, so that other lists read alike.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from training.accounts.names import fold
from training.imports.reading import Row, Table

# field name -> the words above its column, folded as names are.
Vocabulary = Mapping[str, frozenset[str]]

HEADER_WITHIN = 30
SAMPLES = 3
FEWEST_ALIKE = 2
DIGITS = (8, 9)
YOUNGEST = 14
OLDEST = 110
CITIZEN = (
    "bsn|bsn nummer|burgerservicenummer|burger service nummer|sofinummer|sofi nummer"
    "|citizen service number|national id|national id number|nationaal nummer|rijksregisternummer"
)
BIRTH = (
    "geboortedatum|geb datum|gebdatum|geboren|geboren op|geboortedag|birth date|birthdate"
    "|date of birth|dob|birthday|born|date de naissance|leeftijd|age"
)
ISO = re.compile(r"(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?")
EUROPEAN = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4})")


@dataclass(frozen=True)
class Column:
    """A column of a sheet as it is shown; `field` is what it seems to hold."""

    index: int
    header: str
    samples: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table that was understood as far as that goes."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    # Headers of columns that were dropped: citizen service numbers, dates of birth.
    citizen: tuple[str, ...] = ()
    birth: tuple[str, ...] = ()
    known: bool = True

    @property
    def recognised(self) -> int:
        """Return how many columns were recognised."""
        return sum(bool(column.field) for column in self.columns)


def learned(vocabulary: Vocabulary, headers: Mapping[str, str]) -> Vocabulary:
    """Return a vocabulary in which these folded headers hold what somebody said they hold."""
    return {
        name: (words - set(headers))
        | {header for header, field in headers.items() if field == name}
        for name, words in vocabulary.items()
    }


def understand(table: Table, vocabulary: Vocabulary, today: date) -> Sheet:
    """Find the header of a table, drop what must not be kept, and suggest the fields."""
    at = _header(table, vocabulary)
    header, below = table.rows[at][1], table.rows[at + 1 :]
    columns = [[cells[index] for _, cells in below] for index in range(len(header))]
    citizen = {i for i, name in enumerate(header) if _is_citizen(name, columns[i])}
    birth = {i for i, name in enumerate(header) if _is_birth(name, columns[i], today)} - citizen
    kept = [i for i in range(len(header)) if i not in citizen | birth]
    names = _names(header, kept, vocabulary)
    return Sheet(
        table.name,
        tuple(
            Column(place, header[i], _samples(columns[i]), names.get(i, ""))
            for place, i in enumerate(kept)
        ),
        tuple((number, tuple(cells[i] for i in kept)) for number, cells in below),
        citizen=tuple(header[i] for i in sorted(citizen)),
        birth=tuple(header[i] for i in sorted(birth)),
        known=bool(names),
    )


def best(sheets: Sequence[Sheet]) -> int:
    """Return which sheet most looks like the list: most columns known, then most rows."""
    return max(range(len(sheets)), key=lambda i: (sheets[i].recognised, len(sheets[i].rows), -i))


def _header(table: Table, vocabulary: Vocabulary) -> int:
    """Return the row that has the most known headers; failing any, the first of full width."""
    rows = table.rows[:HEADER_WITHIN]
    scores = [len({f for cell in cells if (f := _field(cell, vocabulary))}) for _, cells in rows]
    if max(scores):
        return scores.index(max(scores))
    filled = [sum(bool(cell) for cell in cells) for _, cells in rows]
    return filled.index(max(filled))


def _field(header: str, vocabulary: Vocabulary) -> str:
    folded = fold(header)
    return next((name for name, words in vocabulary.items() if folded in words), "")


def _names(header: Sequence[str], kept: Sequence[int], vocabulary: Vocabulary) -> dict[int, str]:
    """Give each field to the first column that is named after it."""
    found: dict[int, str] = {}
    for index in kept:
        field = _field(header[index], vocabulary)
        if field and field not in found.values():
            found[index] = field
    return found


def _samples(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:SAMPLES]


def _is_citizen(header: str, values: Sequence[str]) -> bool:
    return fold(header) in CITIZEN.split("|") or _mostly(values, passes_eleven_test)


def passes_eleven_test(text: str) -> bool:
    """Tell whether this can be a Dutch citizen service number."""
    digits = text.replace(" ", "").replace(".", "").removesuffix(",0")
    if not (digits.isascii() and digits.isdigit() and len(digits) in DIGITS and int(digits)):
        return False
    weighed = zip(digits.zfill(9), (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)
    return sum(int(digit) * weight for digit, weight in weighed) % 11 == 0


def _is_birth(header: str, values: Sequence[str], today: date) -> bool:
    return fold(header) in BIRTH.split("|") or _mostly(
        values, lambda text: _is_long_ago(text, today)
    )


def _is_long_ago(text: str, today: date) -> bool:
    found = ISO.fullmatch(text) or EUROPEAN.fullmatch(text)
    return found is not None and YOUNGEST <= today.year - int(found.group(1)) <= OLDEST


def _mostly(values: Sequence[str], looks: Callable[[str], bool]) -> bool:
    filled = [value for value in values if value]
    alike = sum(looks(value) for value in filled)
    return alike >= FEWEST_ALIKE and alike * 2 > len(filled)
