"""Which deployment a row of a roster means: the same person, mission and rotation. Pure.

Decision 12 tells why.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from training.accounts.models import Category


class Tour(NamedTuple):
    """A deployment that is there already and was not cancelled."""

    id: int
    person_id: int | None
    mission_id: int
    rotation_id: int | None
    unit_id: int | None
    post: str
    category: Category
    functions: Sequence[str]
    starts_on: date
    ends_on: date
    printed_name: str | None = None
    personnel_number: str | None = None


@dataclass(frozen=True)
class Wish:
    """A row that wants a deployment: of a person, or of a post that is vacant."""

    row: int
    # Rows and deployments of one key may mean each other.
    key: Hashable
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Place:
    """Where a roster sends people: on a mission, perhaps in a rotation."""

    mission_id: int
    # None: no rotation, or one that is not there yet.
    rotation_id: int | None
    in_rotation: bool
    today: date

    def takes(self, tour: Tour) -> bool:
        """Tell whether a row may mean this deployment as far as the place goes."""
        if tour.mission_id != self.mission_id:
            return False
        return not self.in_rotation or tour.rotation_id in {None, self.rotation_id}

    def may_mean(self, wish: Wish, tour: Tour) -> bool:
        """Tell whether the days agree: they share one, or a tour of the rotation has not begun."""
        of_rotation = self.rotation_id is not None and tour.rotation_id == self.rotation_id
        return shared(wish, tour) or (of_rotation and tour.starts_on > self.today)


def shared(one: Wish | Tour, other: Wish | Tour) -> bool:
    """Tell whether two have a day in common."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def match(
    wishes: Iterable[Wish], tours: Iterable[tuple[Hashable, Tour]], place: Place
) -> dict[int, Tour]:
    """Return the deployment of each row that means one; no deployment is meant twice.

    What is nearest goes first, and what has the same days is nearest, so that the same file
    finds what it made.
    """
    by_key: dict[Hashable, list[Tour]] = {}
    for key, tour in tours:
        by_key.setdefault(key, []).append(tour)
    pairs = sorted(
        (_distance(wish, tour, place), wish.row, tour.id, tour)
        for wish in wishes
        for tour in by_key.get(wish.key, ())
        if place.takes(tour) and place.may_mean(wish, tour)
    )
    found: dict[int, Tour] = {}
    taken: set[int] = set()
    for _days, row, tour_id, tour in pairs:
        if row not in found and tour_id not in taken:
            found[row] = tour
            taken.add(tour_id)
    return found


def _distance(wish: Wish, tour: Tour, place: Place) -> tuple[int, bool]:
    days = abs((wish.starts_on - tour.starts_on).days) + abs((wish.ends_on - tour.ends_on).days)
    return days, tour.rotation_id != place.rotation_id
