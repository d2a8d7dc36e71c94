"""Assigning a course: by whatever name, each line answered, and never twice."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments import services
from modules.assignments.models import Assignment, BulkAction
from modules.catalogue.models import Course
from tests.factories import NOW, Factory
from tests.races import alone
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Invalid
from training.permissions import Grant, Role, Viewer

DUE = date(2027, 1, 15)
LATER = date(2027, 2, 15)
IN_ORDER = select(Assignment).order_by(Assignment.id)


class Desk:
    """Assigns the core course in transactions of its own."""

    def __init__(self, engine: Engine, viewer: Viewer, course: Course) -> None:
        self.engine, self.viewer, self.course_id = engine, viewer, course.id

    def assign(
        self, *lines: str, due_on: date | None = DUE, viewer: Viewer | None = None
    ) -> Sequence[services.Line]:
        """Assign to whom the lines name, and return what became of each."""
        who, course = viewer or self.viewer, self.course_id
        return alone(
            self.engine,
            lambda session: services.assign(session, who, course, lines, due_on, at=NOW),
        )


@pytest.fixture
def desk(engine: Engine, viewer: Viewer, course: Course) -> Desk:
    """Return the trainer's desk."""
    return Desk(engine, viewer, course)


def said(lines: Sequence[services.Line]) -> list[tuple[str, bool]]:
    """Return each line with whether it was assigned."""
    return [(line.text, line.ok) for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        "jan.jansen",
        "Jan.Jansen",
        "  JAN.JANSEN  ",
        "ab-12c",
        "AB-12C",
        "Jan@Example.org",
        "jan@example.ORG",
    ],
)
def test_people_are_found_by_user_name_number_or_address_in_any_case(
    make: Factory, home: Organisation, desk: Desk, line: str
) -> None:
    person = make.person(
        organisation=home,
        user_name="jan.jansen",
        personnel_number="AB-12c",
        email="jan@Example.org",
    )
    assert said(desk.assign(line)) == [(line.strip(), True)]
    made = make.rows(IN_ORDER)
    assert [(a.person_id, a.cycle, a.due_on) for a in made] == [(person.id, 1, DUE)]
    assert made[0].assigned_by_id == desk.viewer.person_id
    assert made[0].assigned_at == NOW


@pytest.mark.parametrize("number", ["ÉÜ-7", "éü-7", "Straße-1", "№ 12"])
def test_a_number_with_other_letters_is_found_as_it_is_written(
    make: Factory, home: Organisation, desk: Desk, number: str
) -> None:
    make.person(organisation=home, personnel_number=number)
    assert said(desk.assign(number)) == [(number, True)]


def test_each_line_that_cannot_be_assigned_is_said_and_the_others_are(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    ann = make.person(organisation=home, user_name="ann", email="ann@example.org")
    bob = make.person(organisation=home, user_name="bob")
    make.person(organisation=home, user_name="gone", is_active=False)
    make.person(user_name="stranger")  # Of another organisation.
    lines = desk.assign(
        "ann", "nobody", "", "  ", "stranger", "bob", "ann@example.org", "gone", "ANN"
    )
    assert said(lines) == [
        ("ann", True),
        ("nobody", False),
        ("stranger", False),
        ("bob", True),
        ("ann@example.org", False),
        ("gone", False),
        ("ANN", False),
    ]
    # Somebody of another organisation is answered as nobody is.
    assert lines[2].message == lines[1].message == lines[5].message
    assert lines[4].message == lines[6].message != lines[1].message
    assert [a.person_id for a in make.rows(IN_ORDER)] == [ann.id, bob.id]


def test_a_name_that_several_people_have_is_assigned_to_none_of_them(
    make: Factory, desk: Desk
) -> None:
    first = make.person(user_name="first", personnel_number="P-1", email="post@example.org")
    make.person(user_name="second", personnel_number="P-1", email="post@example.org")
    everywhere = Viewer(first.id, first.organisation_id, (Grant(Role.ADMINISTRATOR, None),))
    lines = desk.assign("p-1", "post@example.org", "second", viewer=everywhere)
    assert [line.ok for line in lines] == [False, False, True]
    assert lines[0].message == lines[1].message
    assert len(make.rows(IN_ORDER)) == 1


def test_a_user_name_comes_before_somebody_elses_number(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    make.person(organisation=home, user_name="other", personnel_number="ann")
    ann = make.person(organisation=home, user_name="ann")
    desk.assign("ann")
    assert [a.person_id for a in make.rows(IN_ORDER)] == [ann.id]


def test_assigning_again_moves_the_due_date_of_what_is_open(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    make.person(organisation=home, user_name="ann")
    first, second = desk.assign("ann")[0], desk.assign("ann", due_on=LATER)[0]
    assert (first.ok, second.ok) == (True, True)
    assert first.message != second.message
    assert [(a.cycle, a.due_on) for a in make.rows(IN_ORDER)] == [(1, LATER)]


def test_assigning_again_without_a_due_date_leaves_the_one_there_is(
    make: Factory, home: Organisation, desk: Desk, session: Session
) -> None:
    for name in ("ann", "bob"):
        make.person(organisation=home, user_name=name)
    desk.assign("ann")
    lines = desk.assign("ann", "bob", due_on=None)
    assert [line.ok for line in lines] == [True, True]
    assert lines[0].message == "Already assigned; the due date stays as it is."
    assert [a.due_on for a in make.rows(IN_ORDER)] == [DUE, None]
    desk.assign("ann", due_on=None)
    assert len(make.rows(select(BulkAction))) == 2


def test_assigning_what_is_completed_begins_a_new_cycle_and_keeps_the_old_one(
    make: Factory, session: Session, home: Organisation, desk: Desk
) -> None:
    make.person(organisation=home, user_name="ann")
    desk.assign("ann")
    make.rows(IN_ORDER)[0].completed_at = NOW
    session.commit()
    desk.assign("ann", due_on=LATER)
    desk.assign("ann", due_on=LATER)
    assert [(a.cycle, a.due_on, a.completed_at) for a in make.rows(IN_ORDER)] == [
        (1, DUE, NOW),
        (2, LATER, None),
    ]


def test_at_most_500_lines_are_taken_and_otherwise_none(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    make.person(organisation=home, user_name="ann")
    with pytest.raises(Invalid) as refused:
        desk.assign("ann", *(f"n{number}" for number in range(500)))
    assert refused.value.field == "people"
    assert make.rows(IN_ORDER) == []
    blank = [""] * 200
    assert len(desk.assign("ann", *blank, *(f"n{number}" for number in range(499)))) == 500


def test_a_withdrawn_course_is_not_assigned(
    make: Factory, session: Session, home: Organisation, desk: Desk, course: Course
) -> None:
    make.person(organisation=home, user_name="ann")
    course.withdrawn_at = NOW
    session.commit()
    with pytest.raises(Invalid) as refused:
        desk.assign("ann")
    assert refused.value.field == "course"
    desk.course_id = 999
    with pytest.raises(Invalid):
        desk.assign("ann")
    assert make.rows(IN_ORDER) == []


def test_whoever_may_not_assign_reaches_nobody(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    person = make.person(organisation=home, user_name="ann")
    for grants in ((), (Grant(Role.HR, home.id),)):
        nobody = Viewer(person.id, home.id, grants)
        assert said(desk.assign("ann", viewer=nobody)) == [("ann", False)]


def test_every_assignment_is_audited_by_id_only(
    make: Factory, home: Organisation, desk: Desk
) -> None:
    make.person(organisation=home, user_name="ann", personnel_number="P-77")
    desk.assign("P-77")
    event = make.rows(select(AuditEvent))[-1]
    made = make.rows(IN_ORDER)[0]
    assert (event.action, event.subject_id) == ("assignment.made", made.id)
    assert event.actor_id == desk.viewer.person_id
    assert event.detail == {"due_on": "2027-01-15"}


def test_nobody_assigns_to_themselves_by_name_or_with_their_unit(
    make: Factory, home: Organisation, desk: Desk, trainer: Person, engine: Engine
) -> None:
    unit = make.unit(home)
    trainer.unit_id = unit.id
    make.session.commit()
    own = make.assignment(trainer, make.rows(select(Course))[0], due_on=DUE)
    colleague = make.person(organisation=home, unit_id=unit.id)
    by_name = desk.assign(trainer.user_name, due_on=LATER)
    assert said(by_name) == [(trainer.user_name, False)]
    assert "yourself" in by_name[0].message
    by_unit = alone(
        engine,
        lambda session: services.assign(
            session, desk.viewer, desk.course_id, (), LATER, at=NOW, unit_id=unit.id
        ),
    )
    assert sorted(said(by_unit)) == sorted(
        [(trainer.user_name, False), (colleague.user_name, True)]
    )
    made = make.rows(IN_ORDER)
    assert [(a.person_id, a.due_on) for a in made] == [(trainer.id, DUE), (colleague.id, LATER)]
    assert made[0].id == own.id
