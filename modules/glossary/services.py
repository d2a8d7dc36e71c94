"""The glossary as pages read it; like the lessons it is looked up once in a process."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from modules.catalogue.cache import Forever
from modules.catalogue.services import lesson_parts
from modules.glossary import files
from modules.glossary.files import Term
from modules.glossary.finding import occurring
from training.errors import Problem


class Words(NamedTuple):
    """The terms of one lesson; none is an answer as well."""

    terms: tuple[Term, ...]


@lru_cache(maxsize=4)
def glossary(folder: Path) -> tuple[Term, ...]:
    """Return every term; the file comes with the programme and changes with it only."""
    return files.read(folder)


def words_in(session: Session, folder: Path, lesson_id: int, language: str) -> tuple[Term, ...]:
    """Return the terms that occur in a lesson, by the alphabet."""
    return _words.get(session, (folder, lesson_id, language)).terms


def validate(_session: Session, folder: Path) -> list[Problem]:
    """Return everything that is wrong with the glossary."""
    return sorted(files.problems(folder))


def _load(session: Session, key: tuple[Path, int, str]) -> Words:
    folder, lesson_id, language = key
    return Words(occurring(glossary(folder), lesson_parts(session, lesson_id, language), language))


_words = Forever(_load)
