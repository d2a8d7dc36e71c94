"""The file of the glossary, read into frozen terms, and what may be wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.catalogue.rules import repeated
from modules.catalogue.shape import TABLE, TABLES, TEXT, TEXTS, WORDS, Shape, check, optional
from modules.catalogue.tables import Table, parse
from modules.catalogue.written import LANGUAGES
from training.errors import Problem

NAME = "glossary.toml"
GLOSSARY: Shape = {"terms": TABLES}
TERM: Shape = {"term": TEXTS, "french": TEXT, "meaning": TEXTS, "find": optional(TABLE)}
FIND: Shape = dict.fromkeys(LANGUAGES, WORDS)


@dataclass(frozen=True)
class Term:
    """A word in each language, with its meaning and the words by which it is found."""

    term: Mapping[str, str]
    french: str
    meaning: Mapping[str, str]
    find: Mapping[str, tuple[str, ...]]


def read(folder: Path) -> tuple[Term, ...]:
    """Read the glossary of a curriculum; one that has none has no terms."""
    return tuple(_term(table) for table in _table(folder).tables("terms"))


def problems(folder: Path) -> Iterator[Problem]:
    """Yield everything that is wrong with the glossary of a curriculum."""
    if not (folder / NAME).exists():
        return
    whole = _table(folder)
    yield from check(whole, GLOSSARY)
    terms = whole.tables("terms")
    for table in terms:
        yield from check(table, TERM)
        if "find" in table.values:
            yield from check(table.table("find"), FIND, "find")
    for language in LANGUAGES:
        named = [(t, "term", t.texts("term").get(language, "").casefold()) for t in terms]
        yield from repeated(named, "term")


def _table(folder: Path) -> Table:
    file = folder / NAME
    return parse(NAME, file.read_text("utf-8", errors="replace") if file.exists() else "")


def _term(table: Table) -> Term:
    term, find = table.texts("term"), table.table("find")
    return Term(
        term=term,
        french=table.text("french"),
        meaning=table.texts("meaning"),
        find={
            language: find.words(language) or (term.get(language, ""),) for language in LANGUAGES
        },
    )
