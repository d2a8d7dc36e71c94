"""Several trainers assign at once: one assignment of each person, and nobody waits for ever."""

import random
from threading import Event
from time import sleep

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments import services
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.factories import NOW, TODAY, Factory
from tests.races import PATIENCE, alone, at_once, together
from training.accounts.models import Organisation
from training.permissions import Viewer

PEOPLE = 12


def test_eight_trainers_at_once_make_one_assignment_of_each_person(
    engine: Engine, make: Factory, home: Organisation, viewer: Viewer, course: Course
) -> None:
    names = [make.person(organisation=home).user_name for _ in range(PEOPLE)]
    # Each has the same people in another order, so that locks are met in every order.
    orders = [random.Random(number).sample(names, PEOPLE) for number in range(8)]
    outcomes = at_once(
        engine,
        lambda session, number: services.assign(
            session, viewer, course.id, orders[number], TODAY, at=NOW
        ),
    )
    assert all(line.ok for lines in outcomes for line in lines)
    made = make.rows(select(Assignment))
    assert len(made) == PEOPLE
    assert {assignment.cycle for assignment in made} == {1}


def test_eight_trainers_at_once_begin_one_new_cycle(
    engine: Engine, make: Factory, home: Organisation, viewer: Viewer, course: Course
) -> None:
    person = make.person(organisation=home)
    make.assignment(person, course, completed_at=NOW)
    at_once(
        engine,
        lambda session, _: services.assign(
            session, viewer, course.id, [person.user_name], TODAY, at=NOW
        ),
    )
    assert sorted(a.cycle for a in make.rows(select(Assignment))) == [1, 2]


def test_assigning_waits_for_whoever_completes_the_course_and_begins_a_new_cycle(
    engine: Engine, make: Factory, home: Organisation, viewer: Viewer, course: Course
) -> None:
    person = make.person(organisation=home)
    first = make.assignment(person, course)
    held = Event()

    def complete() -> None:
        def hold(session: Session) -> None:
            services.own(session, person.id, first.id, lock=True).assignment.completed_at = NOW
            session.flush()
            held.set()
            sleep(0.3)

        alone(engine, hold)

    def assign() -> None:
        held.wait(PATIENCE)
        names = [person.user_name]
        alone(engine, lambda s: services.assign(s, viewer, course.id, names, TODAY, at=NOW))

    together([complete, assign])
    rows = make.rows(select(Assignment).order_by(Assignment.id))
    assert [(a.cycle, a.due_on) for a in rows] == [(1, None), (2, TODAY)]
