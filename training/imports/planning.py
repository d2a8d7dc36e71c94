"""What an import will do to each row: add, change, nothing, ask, or say what is wrong. Pure."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from training.accounts.models import Category
from training.accounts.names import fold
from training.errors import spoken
from training.imports import people_values
from training.imports.entries import Entry

ASIDE, SAME, OTHER = "aside", "same", "other"
CHOICES = (ASIDE, SAME, OTHER)


class Kind(enum.Enum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASK = "ask"
    PROBLEM = "problem"
    ASIDE = "aside"


class Known(NamedTuple):
    """Somebody who is already there."""

    id: int
    user_name: str
    personnel_number: str | None
    printed_name: str
    confirmed_name: str | None
    rank: str | None
    category: Category
    unit_id: int | None
    language: str
    email: str | None
    is_active: bool
    native_name: str | None


@dataclass(frozen=True)
class Planned:
    """One row with its outcome."""

    entry: Entry
    kind: Kind
    person: Known | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: str = ""
    reason: str = ""
    # What somebody should know and need not decide on.
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether somebody must decide before the rest can be taken over."""
        return self.kind in {Kind.ASK, Kind.PROBLEM}


@dataclass(frozen=True)
class Surroundings:
    """What is there already, and what was decided for all rows."""

    known: Sequence[Known]
    # Folded name -> the ids of the units that have it.
    units: Mapping[str, Sequence[int]]
    user_names: frozenset[str]
    own_id: int
    category: Category
    language: str
    make_units: bool
    decisions: Mapping[int, str]


class Planner:
    """Plans rows against what is there."""

    def __init__(self, around: Surroundings) -> None:
        """Index what is there by all that somebody may be found by."""
        self.around = around
        self.free = people_values.UserNames(around.user_names)
        self.meant: set[int] = set()
        people = around.known
        self.by_number = {p.personnel_number: p for p in people if p.personnel_number}
        self.by_user_name = {p.user_name: p for p in people}
        self.by_name: dict[str, Known] = {}
        self.by_figures: dict[str, Known] = {}
        self.by_email: dict[str, Known] = {}
        for person in people:
            if person.email:
                self.by_email.setdefault(person.email.lower(), person)
            self.by_name.setdefault(fold(person.printed_name), person)
            if person.personnel_number:
                self.by_figures.setdefault(person.personnel_number.lstrip("0"), person)

    def plan(self, entries: Iterable[Entry]) -> list[Planned]:
        """Return each row with what will become of it."""
        return [self._row(entry) for entry in entries]

    def _row(self, entry: Entry) -> Planned:
        if self.around.decisions.get(entry.row) == ASIDE:
            planned = self.judge(entry)
            return Planned(entry, Kind.ASIDE, None, {}, planned.wrong, planned.reason)
        return self._once(self.judge(entry))

    def _once(self, planned: Planned) -> Planned:
        """Return the row, or say that an earlier one already means the same person."""
        person = planned.person
        if person is None or planned.open:
            return planned
        if person.id in self.meant:
            reason = spoken("Another row above means the same person.")
            return Planned(planned.entry, Kind.PROBLEM, person, wrong="name", reason=reason)
        self.meant.add(person.id)
        return planned

    def judge(self, entry: Entry) -> Planned:
        """Return whom a row means and what would become of them, whatever other rows say."""
        wrong, reason = entry.wrong, entry.reason
        if not reason and (reason := self.unit_problem(entry)):
            wrong = "unit"
        person = None
        if not reason:
            person, wrong, reason = self._matched(entry)
        if reason:
            return Planned(entry, Kind.PROBLEM, person, wrong=wrong, reason=reason)
        return self._judge_person(entry, person, self.around.decisions.get(entry.row))

    def _judge_person(self, entry: Entry, person: Known | None, decision: str | None) -> Planned:
        if person is not None:
            return self._meeting(entry, person, decision)
        near = self._near(entry)
        if near is None or decision == OTHER:
            return self._new(entry)
        if decision == SAME:
            return self._change(entry, near)
        reason = spoken(
            "Somebody with the same name, number or address is already there. Is it the same?"
        )
        return Planned(entry, Kind.ASK, near, wrong="name", reason=reason)

    def unit_problem(self, entry: Entry) -> str:
        """Return what is wrong with the unit of a row."""
        if "unit" not in entry.values:
            return ""
        found = self.around.units.get(fold(entry.values["unit"]), ())
        if len(found) > 1:
            return spoken("Several units have this name.")
        if not found and not self.around.make_units:
            return spoken("There is no such unit.")
        return ""

    def _matched(self, entry: Entry) -> tuple[Known | None, str, str]:
        number, name = entry.values.get("personnel_number"), entry.values.get("user_name")
        by_number = self.by_number.get(number) if number else None
        by_name = self.by_user_name.get(name) if name else None
        if by_number and name and by_number.user_name != name:
            reason = spoken("The number and the user name belong to two different people.")
            if by_name or name in self.around.user_names:
                return None, "user_name", reason
        if by_name and number and by_name.personnel_number not in {None, number}:
            reason = spoken("Somebody with another number already has this user name.")
            return None, "user_name", reason
        person = by_number or by_name
        if person is None and name in self.around.user_names:
            return None, "user_name", spoken("Somebody else already has this user name.")
        return person or self._of_address(entry, whole=True), "", ""

    def _of_address(self, entry: Entry, *, whole: bool) -> Known | None:
        """Return who has the e-mail address and the whole name of a row, or a part of it.

        An address alone says little: some are shared by a unit.
        """
        person = self.by_email.get(entry.values.get("email", "").lower())
        if person is None or "user_name" in entry.values:
            return None
        if entry.values.get("personnel_number") and person.personnel_number:
            return None
        here, there = fold(entry.values["printed_name"]), fold(person.printed_name)
        alike = here == there if whole else set(here.split()) & set(there.split())
        return person if alike else None

    def _meeting(self, entry: Entry, person: Known, decision: str | None) -> Planned:
        words = set(fold(entry.values["printed_name"]).split())
        if decision != SAME and not words & set(fold(person.printed_name).split()):
            reason = spoken("This number or user name belongs to somebody with another name.")
            return Planned(entry, Kind.ASK, person, wrong="name", reason=reason)
        return self._change(entry, person)

    def _near(self, entry: Entry) -> Known | None:
        """Return who may be meant; two different numbers are two people of the same name."""
        number = entry.values.get("personnel_number")
        person = self.by_name.get(fold(entry.values["printed_name"]))
        if person and not (number and person.personnel_number):
            return person
        figures = self.by_figures.get(number.lstrip("0")) if number else None
        return figures or self._of_address(entry, whole=False)

    def _change(self, entry: Entry, person: Known) -> Planned:
        if not person.is_active:
            reason = spoken("This person has left. Let them return first, on their own page.")
            return Planned(entry, Kind.PROBLEM, person, wrong="name", reason=reason)
        values = {k: v for k, v in self._values(entry).items() if _differs(person, k, v)}
        if person.confirmed_name == person.printed_name or entry.note:
            # The holder's own word, or a name nobody has looked at, is worth more than a list.
            values.pop("printed_name", None)
        if values and person.id == self.around.own_id:
            reason = spoken("This is your own record. Another administrator changes it.")
            return Planned(entry, Kind.PROBLEM, person, wrong="name", reason=reason)
        return Planned(entry, Kind.CHANGED if values else Kind.UNCHANGED, person, values)

    def _new(self, entry: Entry) -> Planned:
        values: dict[str, Any] = {
            "category": self.around.category,
            "language": self.around.language,
        }
        values |= self._values(entry)
        if "user_name" not in values:
            values["user_name"] = self.free.of(values["printed_name"])
        return Planned(entry, Kind.NEW, None, values)

    def _values(self, entry: Entry) -> dict[str, Any]:
        values = dict(entry.values)
        if "unit" in values:
            found = self.around.units.get(fold(values["unit"]), ())
            if found:
                values["unit_id"] = found[0]
                del values["unit"]
        return values


def _differs(person: Known, name: str, value: Any) -> bool:
    return name == "unit" or getattr(person, name) != value
