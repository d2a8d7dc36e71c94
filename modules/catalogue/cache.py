"""What was published never changes, so each process reads it once and keeps it."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_kept: WeakKeyDictionary[Engine, dict[Hashable, object]] = WeakKeyDictionary()


class Forever(Generic[K, V]):
    """Keep what a key stands for, apart for each database, after it was loaded once."""

    def __init__(self, load: Callable[[Session, K], V]) -> None:
        """Say how to load what is not kept yet; what raises is asked again."""
        self._load = load

    def get(self, session: Session, key: K) -> V:
        """Return it, without a statement from the second time on; nothing is asked again."""
        kept = _kept.setdefault(session.get_bind().engine, {})
        place = (self, key)
        if place not in kept:
            loaded = self._load(session, key)
            if not loaded:
                return loaded
            kept[place] = loaded
        found: V = kept[place]  # type: ignore[assignment]  # Only this cache fills this place.
        return found


def forget(engine: Engine) -> None:
    """Drop everything kept of a database, because its rows were taken back."""
    _kept.pop(engine, None)


def forget_on_rollback(session: Session) -> None:
    """Drop what was read of rows that this transaction adds, should they never be committed.

    Their ids would be given again, to something else.
    """
    engine = session.get_bind().engine
    event.listen(session, "after_rollback", lambda _: forget(engine), once=True)
