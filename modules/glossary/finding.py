"""Which terms occur in a text. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape

from modules.glossary.files import Term

TAG = re.compile(r"<[^>]*>")


def occurring(
    terms: Iterable[Term], parts: Sequence[Mapping[str, str]], language: str
) -> tuple[Term, ...]:
    """Return the terms that the parts of a lesson use, by the alphabet."""
    text = unescape(TAG.sub(" ", " ".join(part["html"] for part in parts)))
    text = " ".join(text.split())
    found = [term for term in terms if _pattern(term.find[language]).search(text)]
    return tuple(sorted(found, key=lambda term: term.term[language].casefold()))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    # Whole words only: no gender in "engendered", no mission in "permission".
    found = "|".join(map(_spelt, words))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def _spelt(word: str) -> str:
    """Return the pattern of a word; an abbreviation is written in capitals: no SEA in "sea"."""
    return f"(?-i:{re.escape(word)})" if word.isupper() else re.escape(word)
