"""The glossary as pages read it; like the lessons it is looked up once in a process."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from modules.catalogue.cache import Forever
from modules.catalogue.services import lesson_parts
from modules.glossary import files
from modules.glossary.files import Term
from modules.glossary.finding import occurring
from modules.glossary.marking import marked
from modules.glossary.told import Told, told
from training.errors import Problem


class Lesson(NamedTuple):
    """The text of a lesson with its words marked, and all its words; none is an answer as well."""

    parts: tuple[Mapping[str, str], ...]
    words: tuple[Told, ...]


@lru_cache(maxsize=4)
def glossary(folder: Path) -> tuple[Term, ...]:
    """Return every term; the file comes with the programme and changes with it only."""
    return files.read(folder)


def lesson_with_words(
    session: Session, folder: Path, lesson_id: int, language: str, own: str
) -> Lesson:
    """Return a lesson for readers of one language, and the terms in it by the alphabet."""
    return _lessons.get(session, (folder, lesson_id, language, own))


def validate(_session: Session, folder: Path) -> list[Problem]:
    """Return everything that is wrong with the glossary."""
    return sorted(files.problems(folder))


def _load(session: Session, key: tuple[Path, int, str, str]) -> Lesson:
    folder, lesson_id, language, own = key
    parts = lesson_parts(session, lesson_id, language)
    terms = occurring(glossary(folder), parts, language)
    return Lesson(
        parts=marked(terms, parts, language, own),
        words=tuple(told(term, language, own) for term in terms),
    )


_lessons = Forever(_load)
