"""What a roster will do, without a database: planned again, what was done is unchanged."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from training.accounts.models import Category
from training.imports import planning as people
from training.imports.planning import Kind, Known, Surroundings
from training.rosters.matching import Place, Tour
from training.rosters.planned import Around, Deployed
from training.rosters.planning import RosterPlanner
from training.rosters.rows import Line

TODAY = date(2026, 11, 24)
NOBODY = Known(0, "", None, "", None, None, Category.POLICE, None, "en", None, True, None)
PEOPLE = [
    NOBODY._replace(
        id=n, user_name=f"kim{n}", personnel_number=f"N{n}", printed_name=f"Kim {letter}"
    )
    for n, letter in enumerate("abcd", 1)
]
PLACE = Place(1, 7, in_rotation=True, today=TODAY)


def planner(tours: list[Tour], place: Place = PLACE) -> RosterPlanner:
    """Return what plans rows against these deployments."""
    around = Surroundings(PEOPLE, {"staf": [9]}, frozenset(), 0, Category.MILITARY, "en", False, {})
    return RosterPlanner(Around(people.Planner(around), tours, place, closed=False, own_id=99))


def line(row: int, number: int | None, start: int, length: int, post: str) -> Line:
    """Return a row of a person, or of a vacant post."""
    first = date(2026, 10, 1) + timedelta(days=start)
    values: dict[str, Any] = {"unit": "Staf"}
    if number is not None:
        values |= {
            "printed_name": PEOPLE[number].printed_name,
            "personnel_number": f"N{number + 1}",
        }
    last = first + timedelta(days=length)
    return Line(row, {}, values, vacant=number is None, post=post, starts_on=first, ends_on=last)


LINES = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.integers(0, 300),
        st.integers(0, 200),
        st.sampled_from(["Tolk", "Arts"]),
    ),
    max_size=8,
).map(lambda rows: [line(number, *row) for number, row in enumerate(rows, 2)])


def done(planned: list[Deployed], tours: list[Tour]) -> list[Tour]:
    """Return the deployments after a plan was carried out."""
    after = {tour.id: tour for tour in tours}
    for number, row in enumerate(planned, max(after, default=0) + 1):
        values = dict(row.values)
        if row.kind is Kind.CHANGED and row.tour:
            after[row.tour.id] = row.tour._replace(**values)
        elif row.kind is Kind.NEW:
            defaults = {"id": number, "mission_id": 1, "unit_id": None, "person_id": None}
            after[number] = Tour(**defaults | values)
    return list(after.values())


@given(LINES, LINES)
def test_what_was_done_is_unchanged_when_it_is_planned_again(
    first: list[Line], second: list[Line]
) -> None:
    tours = done(planner([]).plan(first), [])
    planned = planner(tours).plan(second)
    assert len({row.tour.id for row in planned if row.tour}) == sum(
        row.tour is not None for row in planned
    )
    after = done(planned, tours)
    again = planner(after).plan(second)
    assert {row.kind for row in again} <= {Kind.UNCHANGED}


@given(LINES)
def test_every_deployment_of_the_rotation_is_meant_or_absent(lines: list[Line]) -> None:
    tours = done(planner([]).plan(lines), [])
    planned = planner(tours).plan(lines[::2])
    meant = {row.tour.id for row in planned if row.tour}
    absent = {tour.id for tour in planned.absent}
    assert not meant & absent
    left = {tour.id for tour in tours if tour.ends_on >= TODAY}
    assert left <= meant | absent
