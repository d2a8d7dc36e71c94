"""Two people change the same thing: what each of them changed, and what both did. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Written = Mapping[str, str]  # Each field as text, so that a form can carry it.


@dataclass(frozen=True)
class Both:
    """A field that somebody else changed too: as they left it, and as it was sent."""

    field: str
    now: str
    sent: str


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
