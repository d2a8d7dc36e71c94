"""Rows of a roster: the unit above them, vacant posts, functions, which deployment they mean."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.accounts.models import Category
from training.imports import delimited
from training.imports.mapping import understand
from training.rosters import functions
from training.rosters.columns import ROSTER
from training.rosters.matching import Place, Tour, Wish, match
from training.rosters.rows import Line, of_sheet

TODAY = date(2026, 11, 24)
HEAD = "Nr;Naam;Eenheid;Functie;Begin;Eind\n"
DAYS = "1-3-2027;5-9-2027\n"


def read(text: str) -> list[Line]:
    """Read a CSV as a roster."""
    sheet = understand(delimited.read(text.encode()), ROSTER, TODAY)
    columns = {column.field: column.index for column in sheet.columns if column.field}
    return of_sheet(sheet, columns, TODAY)


def units(text: str) -> list[str]:
    """Return the unit of each row below the header."""
    return [line.values.get("unit", "") for line in read(HEAD + text)]


def test_a_unit_alone_in_a_row_holds_for_the_rows_below_it_until_the_next() -> None:
    rows = f"A-compagnie;;;;;\n1;Jan A;;;{DAYS}2;Piet B;Staf;;{DAYS}"
    rows += f"B-cie (12):;;;;;\n3;Kim C;;;{DAYS}"
    assert units(rows) == ["A-compagnie", "Staf", "B-cie"]


SECTIONS = {
    ";2e peloton;;;;": "2e peloton",
    ";Staf;;;;": "Staf",
    "Eenheid: Genie;;;;;": "Genie",
    "Verbindingen;;;;;": "Verbindingen",
    ";Formed Police Unit 3;;;;": "Formed Police Unit 3",
}


@pytest.mark.parametrize("row", SECTIONS)
def test_a_section_is_told_from_a_person(row: str) -> None:
    assert units(f"{row}\n1;Jan A;;;{DAYS}") == [SECTIONS[row]]


def test_a_name_alone_in_a_row_is_a_person_without_days_and_no_unit() -> None:
    first, second = read(f"{HEAD};Jan Jansen;;;;\n2;Piet B;;;{DAYS}")
    assert first.reason == "There is no first day in this row."
    assert "unit" not in second.values


def test_a_header_that_is_repeated_and_a_total_are_no_people() -> None:
    lines = read(f"{HEAD}1;Jan A;;;{DAYS}{HEAD}2;Piet B;;;{DAYS};Totaal;;;;\n")
    assert [line.reason != "" for line in lines] == [False, False, True]


VACANCIES = ["vacant", "VACATURE", "vac.", "n.n.b.", "Nader te bepalen", "NN", "TBD", ""]


@pytest.mark.parametrize("name", VACANCIES)
def test_a_post_without_a_person_is_vacant(name: str) -> None:
    (line,) = read(f"{HEAD};{name};;Tolk;{DAYS}")
    assert (line.vacant, line.post, line.reason) == (True, "Tolk", "")


def test_a_row_with_a_number_and_no_name_is_a_problem_and_no_vacant_post() -> None:
    (line,) = read(f"Pers.nr;Naam;Functie;Begin;Eind\nA1;;Tolk;{DAYS}")
    assert (line.vacant, line.reason) == (False, "There is no name in this row.")


NAMED = {
    "Pelotonscommandant": ["leadership"],
    "Leidinggevende": ["leadership"],
    "Teamleider": ["leadership"],
    "Hoofd sectie 2": ["leadership"],
    "Besluitvormer": ["decision_maker"],
    "contact met de bevolking": ["community_facing"],
    "CIMIC officer": ["community_facing"],
    "GENAD": ["genad"],
    "Genderadviseur": ["genad"],
    "Gender Focal Point": ["gfp"],
    "GFP / leidinggevende": ["gfp", "leadership"],
    "Chauffeur": [],
    "Hoofdpijn": [],
}


@pytest.mark.parametrize("text", NAMED)
def test_functions_are_found_in_dutch_and_english_words(text: str) -> None:
    assert functions.named(text) == NAMED[text]


def test_a_cell_of_functions_alone_must_be_understood_whole() -> None:
    assert functions.read("GFP en leidinggevend") == ["gfp", "leadership"]
    assert functions.read("geen") == functions.read("-") == functions.read("") == []
    assert functions.read("GFP, kok") is None


PLACE = Place(1, 7, in_rotation=True, today=TODAY)


def tour(number: int, first: date, last: date, **values: Any) -> Tour:
    """Return a deployment on the mission in the rotation."""
    defaults: dict[str, Any] = {
        "id": number, "person_id": 1, "mission_id": 1, "rotation_id": 7, "unit_id": None,
        "post": "", "category": Category.MILITARY, "functions": [],
    }  # fmt: skip
    return Tour(**defaults | values, starts_on=first, ends_on=last)


MARCH, SEPTEMBER = date(2027, 3, 1), date(2027, 9, 5)
WISH = Wish(2, "jan", MARCH, SEPTEMBER)
MEANT: dict[str, tuple[Tour, Place, bool]] = {
    "the same days": (tour(1, MARCH, SEPTEMBER), PLACE, True),
    "a day in common": (tour(1, SEPTEMBER, date(2028, 1, 1)), PLACE, True),
    "moved and not begun": (tour(1, date(2026, 12, 1), date(2027, 2, 1)), PLACE, True),
    "ended before": (tour(1, date(2026, 3, 1), date(2026, 9, 1)), PLACE, False),
    "in no rotation yet": (tour(1, MARCH, SEPTEMBER, rotation_id=None), PLACE, True),
    "in no rotation and moved": (
        tour(1, date(2026, 12, 1), date(2027, 2, 1), rotation_id=None), PLACE, False,
    ),
    "another rotation": (tour(1, MARCH, SEPTEMBER, rotation_id=8), PLACE, False),
    "another mission": (tour(1, MARCH, SEPTEMBER, mission_id=2), PLACE, False),
    "any rotation when none is chosen": (
        tour(1, MARCH, SEPTEMBER, rotation_id=8), Place(1, None, in_rotation=False, today=TODAY),
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANT)
def test_a_row_means_the_deployment_that_decision_12_says(case: str) -> None:
    found, place, meant = MEANT[case]
    assert match([WISH], [("jan", found)], place) == ({2: found} if meant else {})


PERIODS = st.tuples(st.integers(0, 400), st.integers(0, 200)).map(
    lambda pair: (MARCH + timedelta(days=pair[0]), MARCH + timedelta(days=sum(pair)))
)


@given(st.lists(PERIODS, max_size=8), st.randoms())
def test_rows_find_what_they_made_in_any_order(periods: list[Any], random: Any) -> None:
    wishes = [Wish(row, "jan", *days) for row, days in enumerate(periods, 2)]
    tours = [tour(number, *days) for number, days in enumerate(periods, 1)]
    random.shuffle(tours)
    found = match(wishes, [("jan", t) for t in tours], PLACE)
    assert len({t.id for t in found.values()}) == len(periods)
    for wish in wishes:
        meant = found[wish.row]
        assert (meant.starts_on, meant.ends_on) == (wish.starts_on, wish.ends_on)
