"""A row of a roster with its outcome, and what it was planned against. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from training.accounts.names import fold
from training.imports.planning import Planned, Planner
from training.rosters.matching import Place, Tour, Wish
from training.rosters.rows import Line


@dataclass(frozen=True)
class Deployed(Planned):
    """A row with the deployment it makes or changes, and with the person when they are new."""

    somebody: Planned | None = None
    tour: Tour | None = None


@dataclass(frozen=True)
class Around:
    """What is there already, and where the roster sends people."""

    people: Planner
    tours: Sequence[Tour]
    place: Place
    closed: bool
    own_id: int


class Roster(list[Deployed]):
    """The planned rows, and the deployments of the rotation that no row speaks of."""

    absent: Sequence[Tour] = ()


def functions_of(line: Line) -> Sequence[str]:
    """Return the functions of a new deployment: of their column, else as its post names them."""
    return line.functions if line.functions is not None else line.told


def line_of(row: Deployed) -> Line:
    """Return the row of the file."""
    line = row.entry
    if not isinstance(line, Line):
        raise TypeError("a row of a roster was read by another list")
    return line


def wish_of(row: Deployed, key: Hashable) -> Wish:
    """Return the wish for a deployment that a row is."""
    line = line_of(row)
    first: date = line.starts_on or date.min
    return Wish(line.row, key, first, line.ends_on or first)


def person_key(row: Deployed) -> Hashable:
    """Return what tells the person of a row from all others; None for a vacant post."""
    if row.person:
        return "person", row.person.id
    return ("new", row.somebody.values["user_name"]) if row.somebody else None


def post_of(tour: Tour) -> Hashable:
    """Return what tells a post from others that are not the same."""
    return "post", fold(tour.post), tour.unit_id


def differs(tour: Tour, name: str, value: Any) -> bool:
    """Tell whether a row says something else of a deployment than there is."""
    if name == "functions":
        return sorted(tour.functions) != value
    return name == "unit" or getattr(tour, name) != value
