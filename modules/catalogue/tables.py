"""TOML tables that know where they stand in their file, so that a mistake can be pointed at."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from training.errors import Problem

HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Table:
    """One table of a TOML file; its getters return something empty for what is wrong."""

    file: str
    lines: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    # The headers that lead here, each with its number: (("questions", 2),).
    path: tuple[tuple[str, int], ...] = ()
    # Why the file could not be read at all; then there is nothing else to say about it.
    fault: Problem | None = None

    def line(self, key: str = "") -> int:
        """Return the line of a key, or of the table's header when the key is not there."""
        start = self._start()
        wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        for number in range(start, len(self.lines)):
            if key and wanted.match(self.lines[number]):
                return number + 1
            if HEADER.match(self.lines[number]) and (number > start or not self.path):
                break
        return start + 1

    def problem(self, key: str, message: str, remedy: str) -> Problem:
        """Return a problem at the line of a key."""
        return Problem(self.file, self.line(key), message, remedy)

    def text(self, key: str) -> str:
        """Return a text, or an empty one."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def whole(self, key: str) -> int:
        """Return a whole number, or zero."""
        value = self.values.get(key)
        return value if type(value) is int else 0

    def flag(self, key: str) -> bool:
        """Return whether the key is true."""
        return self.values.get(key) is True

    def day(self, key: str) -> date | None:
        """Return a date without a time, or nothing."""
        value = self.values.get(key)
        return value if type(value) is date else None

    def texts(self, key: str) -> dict[str, str]:
        """Return the text in each language it has."""
        value = self.values.get(key)
        pairs = value.items() if isinstance(value, dict) else ()
        return {language: text for language, text in pairs if isinstance(text, str)}

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, or an empty one."""
        return tuple(word for word in as_list(self.values.get(key)) if isinstance(word, str))

    def table(self, key: str) -> "Table":
        """Return the table written within this one under a key, or an empty one."""
        value = self.values.get(key)
        return Table(self.file, self.lines, value if isinstance(value, dict) else {}, self.path)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the list of tables under a key, in the order of the file."""
        header = ".".join([*(name for name, _ in self.path[-1:]), key])
        return tuple(
            Table(self.file, self.lines, item, (*self.path, (header, number)))
            for number, item in enumerate(as_list(self.values.get(key)))
            if isinstance(item, dict)
        )

    def _start(self) -> int:
        position = -1
        for header, number in self.path:
            seen = -1
            for candidate in range(position + 1, len(self.lines)):
                match = HEADER.match(self.lines[candidate])
                seen += bool(match and match[1] == header)
                if seen == number:
                    position = candidate
                    break
        return max(position, 0)


def as_list(value: object) -> list[Any]:
    """Return a value of TOML that is a list, or an empty list."""
    return value if isinstance(value, list) else []


def parse(file: str, text: str) -> Table:
    """Read a TOML file; what keeps it from being read becomes the table's fault."""
    lines = tuple(text.split("\n"))
    try:
        return Table(file, lines, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        found = AT_LINE.search(str(error))
        line = int(found[1]) if found else len(lines)
        reason = AT_LINE.sub("", str(error)).strip().rstrip(".")
        message = f"This is not TOML: {reason}."
        return Table(file, lines, fault=Problem(file, line, message, "Correct this line."))
