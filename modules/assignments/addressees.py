"""Whom pasted lines mean (user name, personnel number, address, in any case), and a unit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, or_
from sqlalchemy.orm import Session

from training.accounts.models import Person
from training.accounts.services import within
from training.accounts.unit_tree import under, units_within
from training.errors import Invalid, spoken
from training.permissions import Permission, Viewer

MOST_MEMBERS = 1000


class Addressee(NamedTuple):
    """A line with the one person it means, or else with the reason why it means nobody."""

    text: str
    person: Person | None
    refusal: str = ""


def read(session: Session, viewer: Viewer, names: Sequence[str]) -> list[Addressee]:
    """Return whom each line means among those the viewer may assign to; nobody twice."""
    return list(_addressees(names, _known(session, viewer, names)))


def members(
    session: Session, viewer: Viewer, unit_id: int, named: Sequence[Addressee]
) -> list[Addressee]:
    """Return who stands in a unit or under it and was not named already, by name.

    Raises `Invalid` for a unit in which the viewer may not assign, and for too large a one.
    """
    units = under(units_within(session, viewer, Permission.ASSIGN), unit_id)
    if not units:
        raise Invalid("unit_id", "There is no such unit.")
    query = within(viewer, Permission.ASSIGN).where(Person.is_active, Person.unit_id.in_(units))
    people = session.scalars(query.order_by(Person.sort_name).limit(MOST_MEMBERS + 1)).all()
    if len(people) > MOST_MEMBERS:
        raise Invalid("unit_id", "This unit has more than 1000 people. Choose the units under it.")
    known = {a.person.id for a in named if a.person is not None}
    return [Addressee(p.user_name, p) for p in people if p.id not in known]


def _addressees(
    names: Sequence[str], known: Mapping[str, Mapping[int, Person]]
) -> Iterator[Addressee]:
    seen: set[int] = set()
    for name in names:
        people = list(known.get(name.casefold(), {}).values())
        if not people:
            yield Addressee(name, None, spoken("Nobody you may assign to is known as this."))
        elif len(people) > 1:
            # Numbers belong to one organisation and addresses are shared: never guess.
            yield Addressee(
                name, None, spoken("Several people are known as this. Please use a user name.")
            )
        elif people[0].id in seen:
            yield Addressee(name, None, spoken("This person is on an earlier line."))
        else:
            seen.add(people[0].id)
            yield Addressee(name, people[0])


def _known(session: Session, viewer: Viewer, names: Sequence[str]) -> dict[str, dict[int, Person]]:
    """Return the people by each name; a user name, which is unique, means nobody else."""
    # SQLite changes the case of ASCII only, so other letters are looked for in every case.
    written = {form for n in names for form in (n, n.lower(), n.upper(), n.casefold())}
    columns = (Person.personnel_number, Person.email)
    either = [way.in_(written) for column in columns for way in (column, func.lower(column))]
    query = within(viewer, Permission.ASSIGN).where(
        Person.is_active, or_(Person.user_name.in_(written), *either)
    )
    people = session.scalars(query).all()
    known: dict[str, dict[int, Person]] = {}
    for person in people:
        for name in filter(None, (person.personnel_number, person.email)):
            known.setdefault(name.casefold(), {})[person.id] = person
    return known | {person.user_name.casefold(): {person.id: person} for person in people}
