"""What a rule gave follows the departure, and ends when nothing asks for it any more."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.catalogue.models import Course
from modules.catalogue.services import published
from modules.learning import services as learning
from modules.requirements import assigning, rounds
from modules.requirements.models import Equivalent, Reassessment
from quizzes.progress import changes
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import DAY, Mover, Ruler, Sender, dates, rows
from training.accounts.models import Organisation, Person
from training.missions import deployments
from training.permissions import Viewer


def test_moving_the_departure_moves_the_due_date(
    make: Factory, rule: Ruler, send: Sender, person: Person, later: Mover
) -> None:
    rule()
    deployment = send(person)
    later(deployment, starts_on=TODAY + 90 * DAY, ends_on=TODAY + 200 * DAY)
    assert dates(make) == [TODAY + 60 * DAY]
    later(deployment, starts_on=TODAY + 40 * DAY)
    assert dates(make) == [TODAY + 10 * DAY]


def test_a_departure_moved_close_leaves_two_days_and_stays_so(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, later: Mover
) -> None:
    rule()
    deployment = send(person)
    at = NOW + 20 * DAY
    later(deployment, at=at, starts_on=at.date() + 10 * DAY)
    assert dates(make) == [at.date() + 2 * DAY]
    assigning.settle(session, [person.id], at=at + DAY)
    session.commit()
    assert dates(make) == [at.date() + 2 * DAY]


def test_a_date_set_by_hand_is_not_moved(
    make: Factory,
    session: Session,
    rule: Ruler,
    send: Sender,
    person: Person,
    viewer: Viewer,
    course: Course,
    later: Mover,
) -> None:
    rule()
    deployment = send(person)
    (given,) = rows(make)
    by_hand = TODAY + 5 * DAY
    changes.extend(session, viewer, {given.id: given.due_on}, by_hand, today=TODAY, at=NOW)
    session.commit()
    later(deployment, starts_on=TODAY + 90 * DAY)
    assert dates(make) == [by_hand]
    deployments.cancel(session, viewer, deployment.id, "No.", at=NOW)
    session.commit()
    assert dates(make) == [by_hand]


def test_assigning_by_hand_what_a_rule_gave_sets_its_date_for_good(
    make: Factory,
    session: Session,
    rule: Ruler,
    send: Sender,
    person: Person,
    viewer: Viewer,
    course: Course,
    later: Mover,
) -> None:
    rule()
    deployment = send(person)
    names, by_hand = [person.user_name], TODAY + 5 * DAY
    assignments.assign(session, viewer, course.id, names, by_hand, at=NOW)
    session.commit()
    later(deployment, starts_on=TODAY + 90 * DAY)
    assert dates(make) == [by_hand]


def test_what_a_trainer_assigned_is_left_alone(
    make: Factory,
    session: Session,
    rule: Ruler,
    send: Sender,
    person: Person,
    viewer: Viewer,
    course: Course,
) -> None:
    rule()
    assignments.assign(session, viewer, course.id, [person.user_name], None, at=NOW)
    session.commit()
    send(person)
    assert dates(make) == [None]


def test_cancelling_ends_what_nobody_began_and_keeps_what_was_begun_without_a_date(
    make: Factory, session: Session, rule: Ruler, send: Sender, home: Organisation, viewer: Viewer
) -> None:
    rule()
    idle, busy = (make.person(organisation=home) for _ in range(2))
    sent = [send(idle), send(busy)]
    make.read_all(next(a for a in rows(make) if a.person_id == busy.id))
    for deployment in sent:
        deployments.cancel(session, viewer, deployment.id, "No.", at=NOW)
    session.commit()
    assert [(a.person_id, a.due_on) for a in rows(make)] == [(busy.id, None)]
    send(busy)
    assert dates(make) == [TODAY + 30 * DAY]


def test_giving_the_post_to_another_ends_it_for_the_one_and_assigns_the_other(
    make: Factory, rule: Ruler, send: Sender, person: Person, home: Organisation, later: Mover
) -> None:
    rule()
    deployment = send(person)
    other = make.person(organisation=home)
    later(deployment, person_id=other.id)
    assert [a.person_id for a in rows(make)] == [other.id]


def test_coming_back_ends_what_was_not_begun(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person
) -> None:
    rule()
    deployment = send(person)
    last = datetime.combine(deployment.ends_on, NOW.timetz())
    assigning.settle(session, [person.id], at=last)
    assert len(rows(make)) == 1
    assigning.settle(session, [person.id], at=last + DAY)
    session.commit()
    assert rows(make) == []


def test_retiring_a_rule_ends_what_it_gave(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person
) -> None:
    asked = rule()
    send(person)
    asked.retired_at = NOW
    session.commit()
    assigning.settle(session, [person.id], at=NOW)
    session.commit()
    assert rows(make) == []


def test_completing_what_may_stand_for_it_closes_it(
    app: Flask,
    make: Factory,
    session: Session,
    rule: Ruler,
    send: Sender,
    person: Person,
    course: Course,
) -> None:
    other = Course(slug="lead")
    session.add(other)
    session.flush()
    asked = rule()
    session.add(Equivalent(requirement_id=asked.id, course_id=other.id))
    session.commit()
    send(person)
    assert len(rows(make)) == 1
    earned = make.assignment(person, other)
    version = assignments.own(session, person.id, rows(make)[0].id).version_id
    with app.app_context():
        learning.complete(
            session, earned, published(session, version or 0), achieved_on=TODAY, at=NOW
        )
    session.commit()
    assert len(rows(make)) == 2
    assert rounds.step(session, at=NOW)
    assert not rounds.step(session, at=NOW)
    session.commit()
    assert [a.id for a in rows(make)] == [earned.id]
    assert make.rows(select(Reassessment)) == []


def test_who_has_left_has_nothing_open_by_a_rule(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person
) -> None:
    rule()
    send(person)
    person.is_active, person.left_at = False, NOW
    session.commit()
    assigning.settle(session, [person.id], at=NOW)
    session.commit()
    assert rows(make) == []
