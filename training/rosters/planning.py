"""What a roster will do: deploy, change, nothing, ask, or say what is wrong. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from training.accounts.models import Category
from training.accounts.names import fold
from training.errors import spoken
from training.imports.entries import Entry
from training.imports.planning import Kind
from training.rosters.matching import Tour, Wish, match, shared
from training.rosters.planned import (
    Around,
    Deployed,
    Roster,
    differs,
    functions_of,
    line_of,
    person_key,
    post_of,
    wish_of,
)
from training.rosters.rows import Line
from training.rosters.whom import OWN, Whom

PAST = spoken("The first day is in the past.")
TWICE = spoken("On some of these days this person is on another deployment as well.")
FILLS = spoken("This post was vacant.")
NEW_PERSON = spoken("Somebody new: print a start card for them afterwards.")


class RosterPlanner:
    """Plans rows against what is there."""

    def __init__(self, around: Around) -> None:
        """Plan against what is around."""
        self.around = around
        self.whom = Whom(around)

    def plan(self, lines: Sequence[Entry], /) -> Roster:
        """Return each row with what will become of it."""
        rows = [self.whom.of(line) for line in lines if isinstance(line, Line)]
        going = [row for row in rows if row.kind is Kind.NEW]
        found = self._matched(going)
        twice = self._twice(going, found)
        planned = Roster(
            self._deployed(row, found.get(row.entry.row), twice) if row.kind is Kind.NEW else row
            for row in rows
        )
        planned.absent = self._absent(planned)
        return planned

    def _matched(self, going: Sequence[Deployed]) -> dict[int, Tour]:
        """Return the deployments that rows mean: their own, then vacant posts, then filled ones."""
        tours, place = self.around.tours, self.around.place
        own = [wish_of(row, ("person", row.person.id)) for row in going if row.person]
        posts = [wish_of(row, self._post(row)) for row in going if line_of(row).vacant]
        vacant = [(post_of(tour), tour) for tour in tours if tour.person_id is None]
        found = match(own, [(("person", t.person_id), t) for t in tours if t.person_id], place)
        found |= match(posts, vacant, place)
        left = [(key, t) for key, t in vacant if t.id not in {f.id for f in found.values()}]
        fill = [
            wish_of(row, self._post(row))
            for row in going
            if row.entry.row not in found and line_of(row).post and not line_of(row).vacant
        ]
        return found | match(fill, left, place)

    def _post(self, row: Deployed) -> Hashable:
        unit_id = self._unit(row).get("unit_id")
        return "post", fold(line_of(row).post), unit_id

    def _unit(self, row: Deployed) -> dict[str, Any]:
        name = row.entry.values.get("unit")
        if not name:
            return {}
        found = self.around.people.around.units.get(fold(name), ())
        return {"unit_id": found[0]} if found else {"unit": name}

    def _deployed(self, row: Deployed, tour: Tour | None, twice: set[int]) -> Deployed:
        line = line_of(row)
        values = self._values(row)
        if tour is None:
            values = self._defaults(row) | values
            kind = Kind.NEW
        else:
            values = {
                name: value
                for name, value in values.items()
                if differs(tour, name, value) or (name == "person_id" and row.somebody)
            }
            kind = Kind.CHANGED if values else Kind.UNCHANGED
        if values and row.person and row.person.id == self.around.own_id:
            return replace(row, kind=Kind.PROBLEM, wrong="name", reason=OWN, somebody=None)
        notes = [*line.notes, *([NEW_PERSON] if row.somebody else ())]
        if values and line.starts_on and line.starts_on < self.around.place.today:
            notes.append(PAST)
        if line.row in twice:
            notes.append(TWICE)
        if tour and tour.person_id is None and not line.vacant:
            notes.append(FILLS)
        return replace(row, kind=kind, values=values, tour=tour, notes=tuple(notes))

    def _values(self, row: Deployed) -> dict[str, Any]:
        """Return what a row says of a deployment; what it does not say is left as it is."""
        line, place = line_of(row), self.around.place
        values: dict[str, Any] = {"starts_on": line.starts_on, "ends_on": line.ends_on}
        values |= self._unit(row)
        if line.post:
            values["post"] = line.post
        if "category" in line.values:
            values["category"] = line.values["category"]
        if line.functions is not None:
            values["functions"] = list(line.functions)
        if place.in_rotation:
            values["rotation_id"] = place.rotation_id
        if not line.vacant:
            values["person_id"] = row.person.id if row.person else None
        return values

    def _defaults(self, row: Deployed) -> dict[str, Any]:
        """Return what a new deployment has where its row says nothing."""
        line, person = line_of(row), row.person
        values: dict[str, Any] = {"functions": list(functions_of(line)), "post": ""}
        values["category"] = person.category if person else self._category(row)
        if person and person.unit_id and "unit" not in line.values:
            values["unit_id"] = person.unit_id
        return values

    def _category(self, row: Deployed) -> Category:
        given: Mapping[str, Any] = row.somebody.values if row.somebody else {}
        category: Category = given.get("category", self.around.people.around.category)
        return category

    def _twice(self, going: Sequence[Deployed], found: Mapping[int, Tour]) -> set[int]:
        """Return the rows of people who are on two deployments on the same day."""
        meant = {tour.id for tour in found.values()}
        days: dict[Hashable, list[Wish | Tour]] = {}
        for tour in self.around.tours:
            if tour.person_id and tour.id not in meant:
                days.setdefault(("person", tour.person_id), []).append(tour)
        wishes = [wish_of(row, key) for row in going if (key := person_key(row))]
        for wish in wishes:
            days.setdefault(wish.key, []).append(wish)
        return {
            wish.row
            for wish in wishes
            if any(other is not wish and shared(wish, other) for other in days[wish.key])
        }

    def _absent(self, planned: Roster) -> list[Tour]:
        """Return what is left of the rotation: not meant, and of nobody whom a row is about.

        Nobody cancels their own.
        """
        place = self.around.place
        meant = {row.tour.id for row in planned if row.tour}
        named = {row.person.id for row in planned if row.person}
        return [
            tour
            for tour in self.around.tours
            if place.rotation_id is not None
            and tour.rotation_id == place.rotation_id
            and tour.ends_on >= place.today
            and tour.id not in meant
            and tour.person_id != self.around.own_id
            and not (tour.person_id in named and self._unsure(planned, tour.person_id))
        ]

    @staticmethod
    def _unsure(planned: Roster, person_id: int | None) -> bool:
        """Tell whether a row about this person is not taken over: it may mean any of theirs."""
        return any(
            row.person and row.person.id == person_id and (row.open or row.kind is Kind.ASIDE)
            for row in planned
        )
