"""What one search box means."""

import pytest

from certificates.records.finding import words


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
