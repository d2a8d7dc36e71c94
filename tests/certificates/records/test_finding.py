"""What one search box means."""

import pytest

from certificates.records.finding import certificate_number, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("van der Berg", "van der berg"),
        ("vd Berg", "v d berg"),
        ("v.d. Berg", "v d berg"),
        ("Šarić", "saric"),
        ("KMAR-20137", "kmar 20137"),
        ("\u202e", ""),
    ],
)
def test_words_are_looked_for_without_accents_and_with_short_prefixes(
    typed: str, meant: str
) -> None:
    assert words(typed) == meant


def test_a_number_is_read_however_it_is_written() -> None:
    assert certificate_number("00000-00000") == "00000-00000"
    assert certificate_number("ooooo ooooo") == "00000-00000"
    assert certificate_number("00000-00001") is None
    assert certificate_number("Robin Vos") is None
