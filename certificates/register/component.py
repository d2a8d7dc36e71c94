"""A part of a certificate that can expire sooner than the whole, such as conduct. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Component:
    """Name the part and its last day."""

    titles: Mapping[str, str]
    valid_until: date


def component_of(kept: Mapping[str, Any]) -> Component:
    """Return a component as a certificate keeps it."""
    return Component(kept["title"], date.fromisoformat(kept["valid_until"]))
