"""The shape of a TOML table: which keys it has, and of what kind each is."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from modules.catalogue.characters import forbidden
from modules.catalogue.tables import Table
from modules.catalogue.written import (
    LANGUAGES,
    VERSION,
)
from training.errors import Problem

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kind:
    """What a value must be, in words and as a test."""

    words: str
    fits: Callable[[Any], bool]
    optional: bool = False


Shape = Mapping[str, Kind]


def optional(kind: Kind) -> Kind:
    """Return the same kind for a key that may be left out."""
    return Kind(kind.words, kind.fits, optional=True)


def whole(lowest: int, highest: int) -> Kind:
    """Return the kind of whole numbers within two bounds."""
    return Kind(
        f"a whole number from {lowest} to {highest}",
        lambda value: type(value) is int and lowest <= value <= highest,
    )


def one_of(values: Collection[str]) -> Kind:
    """Return the kind of texts that are one of a few words."""
    return Kind(
        "one of " + ", ".join(f'"{value}"' for value in values),
        lambda value: isinstance(value, str) and value in values,
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_list_of(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(fits(item) for item in value)


TEXT = Kind("a text in quotes", _is_text)
SLUG_KIND = Kind("small letters, digits and hyphens in quotes", _matches(SLUG))
VERSION_KIND = Kind('three numbers X.Y.Z in quotes, like "1.0.2"', _matches(VERSION))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
DAY = Kind("a date without quotes, like 2026-11-24", lambda value: type(value) is date)
WORDS = Kind("a list of texts in quotes", lambda value: _is_list_of(value, _is_text))
TABLES = Kind(
    "written as tables of its own, each under its header in double brackets",
    lambda value: _is_list_of(value, lambda item: isinstance(item, dict)),
)
TABLE = Kind("a table in braces", lambda value: isinstance(value, dict))
# Judged language by language, so that the one that is missing can be named.
TEXTS = Kind(f"a text in each of {', '.join(LANGUAGES)}", lambda _: True)


def check(table: Table, shape: Shape, at: str = "") -> Iterator[Problem]:
    """Yield what is wrong with the keys of a table; `at` is the key it is written under."""
    if table.fault:
        yield table.fault
        return
    for key in table.values:
        if key not in shape:
            known = ", ".join(f"`{name}`" for name in shape)
            yield table.problem(
                at or key, f"There is no key `{key}` here.", f"Remove it; the keys are {known}."
            )
    for key, kind in shape.items():
        if key in table.values:
            yield from _value(table, key, kind, at)
        elif not kind.optional:
            remedy = f"Add it: {kind.words}."
            yield table.problem(at, f"The key `{key}` is missing.", remedy)


def _value(table: Table, key: str, kind: Kind, at: str) -> Iterator[Problem]:
    value = table.values[key]
    if kind.words == TEXTS.words:
        yield from _languages(table, key, value)
    elif not kind.fits(value):
        yield table.problem(at or key, f"`{key}` is not {kind.words}.", f"Write {kind.words}.")
    elif isinstance(value, str):
        yield from _characters(table, key, value)


def _languages(table: Table, key: str, value: object) -> Iterator[Problem]:
    texts = value if isinstance(value, dict) else {}
    for language in LANGUAGES:
        text = texts.get(language)
        if not _is_text(text):
            remedy = f'Write it as `{key} = {{ en = "…", nl = "…" }}`.'
            yield table.problem(key, f"`{key}` has no text in {language}.", remedy)
        else:
            yield from _characters(table, key, str(text))
    for language in texts.keys() - set(LANGUAGES):
        remedy = f"Keep {' and '.join(LANGUAGES)}, and nothing else."
        yield table.problem(key, f"`{key}` has a text in {language}.", remedy)


def _characters(table: Table, key: str, text: str) -> Iterator[Problem]:
    for name in forbidden(text):
        yield table.problem(key, f"`{key}` holds the character {name}.", "Remove it.")
