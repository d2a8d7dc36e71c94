"""Whom a row of a roster is about: somebody known, somebody new, or a vacant post. Pure."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from training.accounts.names import fold
from training.errors import spoken
from training.imports.planning import ASIDE, Kind, Planned
from training.rosters.planned import Around, Deployed
from training.rosters.rows import Line

OWN = spoken("This is you. Another trainer plans your own deployment.")


class Whom:
    """Finds whom rows mean, one row after another: somebody new may stand in several."""

    def __init__(self, around: Around) -> None:
        """Begin with nobody new."""
        self.around = around
        self.new: dict[Hashable, tuple[int, Planned]] = {}

    def of(self, line: Line) -> Deployed:
        """Return a row with whom it means; `NEW` is every row that a deployment follows from."""
        if self.around.people.around.decisions.get(line.row) == ASIDE:
            return self._aside(line)
        row = self._vacancy(line) if line.vacant else self._person(line)
        if self.around.closed and not row.open:
            reason = spoken("This mission is closed. Nobody can be sent on it.")
            return replace(row, kind=Kind.PROBLEM, reason=reason)
        return row

    def _aside(self, line: Line) -> Deployed:
        """Return a row that was set aside, with whom it is about and what is wrong with it."""
        if line.vacant or line.reason:
            about: Planned = self._vacancy(line) if line.vacant else self._person(line)
        else:
            about = self.around.people.judge(line)
        if about.person and about.person.id == self.around.own_id and not about.reason:
            about = replace(about, wrong="name", reason=OWN)
        return Deployed(line, Kind.ASIDE, about.person, wrong=about.wrong, reason=about.reason)

    def _vacancy(self, line: Line) -> Deployed:
        wrong, reason = line.wrong, line.reason
        if not reason and (reason := self.around.people.unit_problem(line)):
            wrong = "unit"
        return Deployed(line, Kind.PROBLEM if reason else Kind.NEW, wrong=wrong, reason=reason)

    def _person(self, line: Line) -> Deployed:
        if line.reason:
            person = self._known(line)
            return Deployed(line, Kind.PROBLEM, person, wrong=line.wrong, reason=line.reason)
        somebody = self.around.people.judge(line)
        if somebody.kind is Kind.ASK and self._is_settled(line, somebody):
            somebody = replace(somebody, kind=Kind.UNCHANGED, reason="")
        person = somebody.person
        if somebody.open:
            return Deployed(
                line, somebody.kind, person, wrong=somebody.wrong, reason=somebody.reason
            )
        if somebody.kind is Kind.NEW:
            return self._new(line, somebody)
        return Deployed(line, Kind.NEW, person)

    def _known(self, line: Line) -> Any:
        """Return whom a row that cannot be taken over is about, by what names one person only."""
        people, values = self.around.people, line.values
        return people.by_number.get(values.get("personnel_number", "")) or people.by_user_name.get(
            values.get("user_name", "")
        )

    def _is_settled(self, line: Line, somebody: Planned) -> bool:
        """Tell whether the one of the same name already goes on exactly these days."""
        person = somebody.person
        return person is not None and any(
            (tour.starts_on, tour.ends_on) == (line.starts_on, line.ends_on)
            and self.around.place.takes(tour)
            and fold(person.printed_name) == fold(line.values["printed_name"])
            for tour in self.around.tours
            if tour.person_id == person.id
        )

    def _new(self, line: Line, somebody: Planned) -> Deployed:
        """Return a row with a new person, who may stand in several rows by number or address."""
        values, name = line.values, fold(line.values["printed_name"])
        identifiers = ("personnel_number", "user_name")
        key = next((values[i] for i in identifiers if i in values), name)
        first = self.new.setdefault(key, (line.row, somebody))
        if first[0] == line.row:
            return Deployed(line, Kind.NEW, somebody=somebody)
        if key == name:
            reason = spoken(
                "Another row has the same name, and neither has a number. Tell them apart by "
                "personnel number."
            )
            return Deployed(line, Kind.PROBLEM, wrong="name", reason=reason)
        if fold(first[1].values["printed_name"]) != name:
            reason = spoken("Another row of this file has the same.")
            return Deployed(line, Kind.PROBLEM, wrong=identifiers[0], reason=reason)
        return Deployed(line, Kind.NEW, somebody=first[1])
