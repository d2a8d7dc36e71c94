"""Two people change the same thing: what each of them changed, and what both did. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Written = Mapping[str, str]  # Each field as text, so that a form can carry it.


@dataclass(frozen=True)
class Both:
    """A field that somebody else changed too: as they left it, and as it was sent."""

    field: str
    now: str
    sent: str


def written(values: Mapping[str, Any]) -> Written:
    """Return values as a form carries them."""
    return {key: _text(value) for key, value in values.items()}


def touched(seen: Written, sent: Written) -> list[str]:
    """Return the fields the sender changed; whoever saw nothing of a field changed it."""
    return [field for field, value in sent.items() if seen.get(field) != value]


def collisions(seen: Written, sent: Written, now: Written) -> list[Both]:
    """Return the fields that both changed since they were seen, to different values."""
    return [
        Both(field, now[field], sent[field])
        for field in touched(seen, sent)
        if now[field] not in {seen.get(field), sent[field]}
    ]


def unsaved(values: Mapping[str, Any], seen: Written, now: Written) -> dict[str, Any]:
    """Return the values the sender changed, but for those that are so already."""
    sent = written(values)
    return {field: values[field] for field in touched(seen, sent) if now[field] != sent[field]}


def _text(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, list):
        return " ".join(sorted(value))
    # A browser sends the ends of lines in its own way.
    return "" if value is None else str(value).replace("\r\n", "\n")
