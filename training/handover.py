"""How features hand over what belongs to one record of a person to another one of theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Moving:
    """What would move from one record of a person to another, and what stands in the way."""

    counts: Sequence[tuple[str, int]] = ()
    notes: Sequence[str] = ()
    refusals: Sequence[str] = ()


@dataclass(frozen=True)
class Merge:
    """How a feature hands over what belongs to one record of a person, and takes it back."""

    # (session, id that stays, id that goes) -> what would happen; asked again before it does.
    preview: Callable[[Session, int, int], Moving]
    # (session, id that stays, id that goes) -> by which ids it can be moved back, as JSON.
    move: Callable[[Session, int, int], Mapping[str, Any]] | None = None
    # (session, id that stays, id that had gone, what moved, when it did)
    undo: Callable[[Session, int, int, Mapping[str, Any], datetime], None] | None = None
