"""A word as one reader is told it: in their own language where the glossary has it. Pure."""

from typing import NamedTuple

from modules.glossary.files import Term


class Told(NamedTuple):
    """The term as the lesson writes it, its name for the reader, and the meaning."""

    here: str
    own: str
    own_language: str
    meaning: str
    meaning_language: str


def told(term: Term, lesson: str, own: str) -> Told:
    """Tell a word of a lesson in the reader's language; a meaning it lacks in the lesson's."""
    names = {**term.term, "fr": term.french}
    known, spoken = own in names, own in term.meaning
    return Told(
        here=term.term[lesson],
        own=names[own if known else lesson],
        own_language=own if known else lesson,
        meaning=term.meaning[own if spoken else lesson],
        meaning_language=own if spoken else lesson,
    )
