"""What a list is about, which is all in which the import of one differs from that of another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from training.imports.entries import Entry
from training.imports.mapping import Sheet, Vocabulary
from training.imports.models import About, Upload
from training.imports.planning import Planned
from training.permissions import Permission


class Plans(Protocol):
    """What plans rows against what is there."""

    def plan(self, entries: Sequence[Entry], /) -> Sequence[Planned]:
        """Return each row with what will become of it."""


class Write(Protocol):
    """What takes planned rows over; `at_once` when all of the list is among them."""

    def __call__(
        self,
        session: Session,
        upload: Upload,
        planned: Sequence[Planned],
        at: datetime,
        /,
        *,
        at_once: bool,
    ) -> None:
        """Write them in the caller's transaction."""


@dataclass(frozen=True)
class Subject:
    """How the rows of a list are read, planned and taken over."""

    about: About
    permission: Permission
    vocabulary: Vocabulary
    # Fields of which one must have a column, and what to say while none has.
    needed: tuple[tuple[frozenset[str], str], ...]
    # How many rows a list may have.
    most: int
    # More rows than this are taken over in batches, each in a transaction of its own.
    at_once: int
    batch: int
    # Whether what becomes of a row depends on all others, and not only on those above it.
    whole: bool
    entries: Callable[[Sheet, Mapping[str, int], Upload], list[Entry]]
    # (session, import, who takes it over) -> what plans any rows, outside a transaction.
    planner: Callable[[Session, Upload, int], Plans]
    # The same within one: (…, the rows, the user names taken before it began).
    planner_of: Callable[[Session, Upload, int, Sequence[Entry], frozenset[str]], Plans]
    write: Write
    # The same list is the same thing to do; rows of another list may read alike.
    digest: Callable[[Upload, Entry], str]
    # (session, import, all rows, now): what is left to do at the end.
    finish: Callable[[Session, Upload, Sequence[Entry], datetime], None]
