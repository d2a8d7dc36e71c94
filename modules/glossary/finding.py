"""Which terms occur in a text, and how each is spelt there. Pure."""

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
    found = [term for term in terms if pattern(term.find[language]).search(text)]
    return tuple(sorted(found, key=lambda term: term.term[language].casefold()))


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words, the longest first."""
    # Whole words only: no gender in "engendered", no mission in "permission".
    found = "|".join(map(_spelt, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def _spelt(word: str) -> str:
    """Return the pattern of a word; an abbreviation is written in capitals: no SEA in "sea"."""
    found = r"\s+".join(map(re.escape, word.split()))
    return f"(?-i:{found})" if word.isupper() else found
