"""Columns: which header is which, what is dropped, and what the cells of people mean."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.accounts.models import Category
from training.imports import delimited, people_values
from training.imports.mapping import Sheet, best, passes_eleven_test, understand
from training.imports.people_columns import PEOPLE

TODAY = date(2026, 11, 24)
CITIZENS = ["111222333", "123456782", "010464554", "10464554"]


def sheet(text: str) -> Sheet:
    """Understand a CSV."""
    return understand(delimited.read(text.encode()), PEOPLE, TODAY)


def fields(text: str) -> dict[str, str]:
    """Return header -> field of the columns that are kept."""
    return {column.header: column.field for column in sheet(text).columns}


def test_dutch_english_and_french_headers_are_recognised_in_any_spelling() -> None:
    assert fields("ACHTERNAAM;Voornaam;Tussen-voegsel;Pers.nr.;E-mail;Unité\na;b;c;d;e;f\n") == {
        "ACHTERNAAM": "family",
        "Voornaam": "given",
        "Tussen-voegsel": "",
        "Pers.nr.": "personnel_number",
        "E-mail": "email",
        "Unité": "unit",
    }
    assert fields("Service number;Name\n1;a\n") == {
        "Service number": "personnel_number",
        "Name": "name",
    }


def test_titles_above_the_header_are_passed_over() -> None:
    found = sheet("Rotatie 12;;\nOpgesteld door P&O;;\n\nNaam;Rang;Eenheid\nA;sgt;1\n")
    assert [column.field for column in found.columns] == ["name", "rank", "unit"]
    assert [number for number, _ in found.rows] == [5]


def test_a_header_that_nobody_knows_is_said_to_be_unknown() -> None:
    found = sheet("Lijst;;\nWie;Wat;Waar\nA;sgt;1\n")
    assert not found.known
    assert [column.header for column in found.columns] == ["Wie", "Wat", "Waar"]


def test_the_sheet_with_most_known_columns_comes_first() -> None:
    assert best([sheet("x;y\n1;2\n3;4\n"), sheet("naam;rang\na;b\n")]) == 1


def test_a_field_goes_to_the_first_of_two_columns_of_its_name() -> None:
    found = sheet("Naam;Naam\na;b\n")
    assert [column.field for column in found.columns] == ["name", ""]


@pytest.mark.parametrize("header", ["BSN", "Personeelsnummer", "kolom 3"])
def test_citizen_service_numbers_are_dropped_under_any_header(header: str) -> None:
    text = f"Naam;{header}\n" + "\n".join(f"P {n};{v}" for n, v in enumerate(CITIZENS))
    found = sheet(text)
    assert found.citizen == (header,)
    assert "111222333" not in str(found.rows) + str(found.columns)


def test_personnel_numbers_of_nine_figures_are_kept() -> None:
    found = sheet("Naam;Personeelsnummer\nA;123456789\nB;123456780\nC;123456782\n")
    assert found.citizen == ()


def test_birth_dates_are_dropped_by_header_or_by_what_they_look_like() -> None:
    found = sheet("Naam;Geb. datum;Datum\nA;x;04-05-1990\nB;y;1988-01-31\n")
    assert found.birth == ("Geb. datum", "Datum")
    assert sheet("Naam;In dienst\nA;01-01-2024\nB;01-02-2025\n").birth == ()


@given(st.integers(0, 10**9 - 1))
def test_the_eleven_test_lets_one_in_eleven_through(number: int) -> None:
    passing = [n for n in range(number, number + 11) if passes_eleven_test(str(n).zfill(9))]
    assert len(passing) <= 2


@pytest.mark.parametrize(
    ("cells", "name", "look"),
    [
        ({"name": "Jan Jansen"}, "Jan Jansen", False),
        ({"name": "Jansen, Jan"}, "Jan Jansen", False),
        ({"name": "Jansen, J.M. (Jan)"}, "J.M. Jansen", True),
        ({"name": "Vries, P. de"}, "P. de Vries", False),
        ({"name": "Berg, Anna van den"}, "Anna van den Berg", False),
        ({"family": "Vries", "infix": "de", "given": "Piet"}, "Piet de Vries", False),
        ({"family": "Vries, de", "initials": "P."}, "P. de Vries", False),
        ({"family": "Smit", "given": "Jan (Johannes)"}, "Jan Smit", True),
        ({"name": "O'Neil-Šarić"}, "O'Neil-Šarić", False),
    ],
)
def test_a_name_is_printed_with_initials_and_family_name(
    cells: dict[str, str],
    name: str,
    look: bool,  # noqa: FBT001
) -> None:
    printed, note = people_values.printed_name(cells)
    assert (printed, bool(note)) == (name, look)


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"rank": "sgt"}, "name", "no name"),
        ({"name": "Totaal"}, "name", "total"),
        ({"name": "Jansen 2"}, "name", "figures"),
        ({"name": "Иван"}, "name", "Latin"),
        ({"name": "..."}, "name", "Latin"),
        ({"name": "A\u202eB"}, "name", "printed"),
        ({"name": "A B", "rank": "a\x07"}, "rank", "printed"),
        ({"name": "A" * 121}, "printed_name", "long"),
        ({"name": "A B", "personnel_number": "1,23457E+08"}, "personnel_number", "shortened"),
        ({"name": "A B", "personnel_number": "1" * 41}, "personnel_number", "long"),
        ({"name": "A B", "email": "a@b"}, "email", "e-mail"),
        ({"name": "A B", "user_name": "a b"}, "user_name", "user name"),
        ({"name": "A B", "language": "xx"}, "language", "language"),
        ({"name": "A B", "category": "ruiter"}, "category", "category"),
    ],
)
def test_a_bad_cell_names_its_column_and_the_reason(
    cells: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(people_values.Unusable) as caught:
        people_values.read(cells)
    assert caught.value.field == field
    assert said in caught.value.reason


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("personnel_number", "123.0", "123"),
        ("personnel_number", "00123", "00123"),
        ("personnel_number", "A-12.0", "A-12.0"),
        ("category", "Militair", Category.MILITARY),
        ("category", "politie", Category.POLICE),
        ("category", "Civilian expert", Category.CIVILIAN),
        ("language", "Nederlands", "nl"),
        ("language", "Français", "fr"),
        ("user_name", "Jan.Jansen", "jan.jansen"),
    ],
)
def test_words_and_numbers_are_understood(field: str, text: str, value: Any) -> None:
    assert people_values.read({"name": "A B", field: text})[0][field] == value


@given(st.dictionaries(st.sampled_from(sorted(PEOPLE)), st.text(min_size=1, max_size=130)))
def test_no_cell_breaks_the_reading_of_a_row(cells: dict[str, str]) -> None:
    reason = ""
    try:
        values, _note = people_values.read(cells)
    except people_values.Unusable as error:
        reason = error.reason
    assert reason or people_values.UserNames(()).of(values["printed_name"])
