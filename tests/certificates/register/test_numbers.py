"""Numbers that can be read aloud and typed, and codes that cannot be guessed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.register import numbers

letters = st.text(numbers.ALPHABET, min_size=9, max_size=9)


def test_a_new_number_reads_as_itself() -> None:
    number = numbers.new_number()
    assert numbers.read_number(number) == number


def test_a_code_has_eighty_bits() -> None:
    code = numbers.new_code().replace("-", "")
    assert len(code) == 16
    assert set(code) <= set(numbers.ALPHABET)


def test_no_letter_can_be_taken_for_a_figure() -> None:
    assert not set("ILOU") & set(numbers.ALPHABET)


@given(letters, st.integers(0, 8), st.sampled_from(numbers.ALPHABET))
def test_one_wrong_character_is_noticed(plain: str, place: int, wrong: str) -> None:
    number = plain + numbers.check_character(plain)
    changed = plain[:place] + wrong + plain[place + 1 :] + number[-1]
    assert (numbers.read_number(changed) is None) == (changed != number)


@given(letters)
def test_two_swapped_neighbours_are_noticed(plain: str) -> None:
    number = plain + numbers.check_character(plain)
    for place in range(9):
        one, other = number[place], number[place + 1]
        swapped = number[:place] + other + one + number[place + 2 :]
        assert (numbers.read_number(swapped) is None) == (one != other)


def test_every_pair_of_characters_is_noticed_when_swapped_wherever_it_stands() -> None:
    for place in range(8):
        for one, other in combinations(numbers.ALPHABET, 2):
            plain = "0" * place + one + other + "0" * (7 - place)
            swapped = "0" * place + other + one + "0" * (7 - place)
            assert numbers.check_character(plain) != numbers.check_character(swapped)


@pytest.mark.parametrize("typed", ["", "x", "7K3M9-XQ2VTT", "7K3M9 XQ2V\u0000", "U" * 10, "é" * 10])
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert numbers.read_number(typed) is None


def test_a_number_is_read_however_it_is_written() -> None:
    assert numbers.read_number("00000-00000") == "00000-00000"
    assert numbers.read_number("ooooo ooooo") == "00000-00000"
    assert numbers.read_number("00000-00001") is None
    assert numbers.read_number("Robin Vos") is None


def test_lower_case_blanks_and_lookalikes_are_read_rightly() -> None:
    plain = "0123456O1"[:9].replace("O", "0")
    number = plain + numbers.check_character(plain)
    sloppy = f" {number[:5].lower().replace('0', 'o').replace('1', 'l')}  {number[5:]} "
    assert numbers.read_number(sloppy) == f"{number[:5]}-{number[5:]}"
