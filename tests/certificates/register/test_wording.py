"""The words are complete and written as each language writes them."""

import re
from dataclasses import fields
from datetime import date

from certificates.register.wording import WORDINGS, Wording, day, duration, said


def test_every_sentence_names_the_same_things_in_every_language() -> None:
    for field in fields(Wording):
        texts = [str(getattr(wording, field.name)) for wording in WORDINGS.values()]
        assert all(texts)
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts}) == 1, field.name


def test_a_title_that_is_not_translated_is_said_in_english_or_else_in_any_language() -> None:
    assert said({"nl": "Gedrag", "en": "Conduct"}, "nl") == "Gedrag"
    assert said({"nl": "Gedrag", "en": "Conduct"}, "fr") == "Conduct"
    assert said({"nl": "Gedrag"}, "fr") == "Gedrag"


def test_dates_and_durations_are_written_as_the_language_writes_them() -> None:
    new_year = date(2027, 1, 1)
    assert [day(new_year, code) for code in WORDINGS] == [
        "1 January 2027",
        "1 januari 2027",
        "1er janvier 2027",
    ]
    assert duration(60, "en") == "1 hour"
    assert duration(61, "nl") == "1 uur 1 minuut"
    assert duration(150, "fr") == "2 heures 30 minutes"
    assert duration(0, "en") == "0 minutes"
