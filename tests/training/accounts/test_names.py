"""How names sort and are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.accounts import names


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Šarić-Ó'Neil", "saric o neil"),
        ("STRAẞE Straße", "strasse strasse"),
        ("Bjørn Łukasz Đorđe Æsa", "bjorn lukasz dorde aesa"),
        ("Y\u0131ld\u0131z İnönü", "yildiz inonu"),  # Dotless in Turkish.
        ("Œdipe Þór Guðrún", "oedipe thor gudrun"),
        ("  van   der  Berg ", "van der berg"),
        ("\ufb01ne", "fine"),
        ("李 小龍", "李 小龍"),
        ("…!?", ""),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_are_folded_away(text: str, folded: str) -> None:
    assert names.fold(text) == folded


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("Zoë van der Berg", "berg zoe van der"),
        ("Madonna", "madonna"),
        ("Ana María Núñez", "nunez ana maria"),
        ("…", ""),
    ],
)
def test_names_are_listed_under_the_last_word(printed: str, key: str) -> None:
    assert names.sort_key(printed) == key


def test_tokens_are_each_word_once_between_spaces() -> None:
    assert names.tokens("Zoë Berg", None, "zoe.b", "P-1") == " 1 b berg p zoe "


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = names.fold(text)
    assert names.fold(once) == once
    assert once == once.strip()
