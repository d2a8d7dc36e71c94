"""How features say how long records of a person are needed, and remove what they keep."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Lasting:
    """What a feature says about how long records of people are needed."""

    # The last day on which each of them did or was given what makes a record.
    last_days: Mapping[int, date]
    # Those who have something open.
    going_on: Collection[int]


@dataclass(frozen=True)
class Erasure:
    """How a feature removes what it keeps of a person; the highest feature is called first."""

    # (session, person id, now) -> removes it, or cuts its link to the person.
    erase: Callable[[Session, int, datetime], None]
    # (session) -> sentences about people who were removed and are still named here.
    left: Callable[[Session], list[str]] | None = None
    # (session, ids of people) -> how long their records are needed.
    lasting: Callable[[Session, Sequence[int]], Lasting] | None = None
    # (session, person id) -> locks what others lock first; the lowest feature is called first.
    hold: Callable[[Session, int], None] | None = None
