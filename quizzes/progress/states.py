"""How far somebody is with what they were assigned. Pure."""

import enum


class State(enum.Enum):
    """Where an assignment stands; in this order they ask for attention."""

    STUCK = "stuck"  # Every attempt was failed: only a talk helps.
    LATE = "late"
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"

    @property
    def rank(self) -> int:
        """Return its place in the order, by which it is asked for and sorted."""
        return RANKS[self]


RANKS = {state: rank for rank, state in enumerate(State)}
BY_RANK = tuple(State)


class Sort(enum.Enum):
    """What the list is sorted by."""

    STATE = "state"
    NAME = "name"
    DUE = "due"
