"""Being on a roster assigns what is missing, and keeps up with whatever changes."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.catalogue.services import published
from modules.learning import services as learning
from modules.requirements import assigning, rounds
from modules.requirements.models import Equivalent, Reassessment
from modules.requirements.validity import Span
from quizzes.progress import changes
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import DAY, Ruler, Sender, complete
from training import audit
from training.accounts.models import Category, Organisation, Person
from training.mail.models import OutboxMail
from training.missions import deployments
from training.missions.models import Deployment, Mission
from training.permissions import Viewer

Mover = Callable[..., None]


def rows(make: Factory) -> list[Assignment]:
    """Return all assignments."""
    return make.rows(select(Assignment).order_by(Assignment.id))


def dates(make: Factory) -> list[date | None]:
    """Return the due dates of all assignments."""
    return [assignment.due_on for assignment in rows(make)]


@pytest.fixture
def later(session: Session, viewer: Viewer) -> Mover:
    """Return what changes a deployment as the trainer does."""

    def change(deployment: Deployment, at: datetime = NOW, **values: object) -> None:
        deployments.change(session, viewer, deployment.id, values, "Moved.", at=at)
        session.commit()

    return change


def test_who_is_sent_on_a_mission_is_assigned_what_is_missing(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    person.email = "p@home.example"
    session.commit()
    asked = rule()
    deployment = send(person)
    (given,) = rows(make)
    assert (given.course_id, given.cycle, given.due_on) == (course.id, 1, TODAY + 30 * DAY)
    assert (given.deployment_id, given.assigned_by_id) == (deployment.id, None)
    assert len(make.rows(select(OutboxMail))) == 1
    query = select(audit.AuditEvent).where(audit.AuditEvent.action == "assignment.made")
    (event,) = make.rows(query)
    assert event.detail == {"due_on": (TODAY + 30 * DAY).isoformat(), "rules": [asked.id]}


def test_doing_it_again_changes_nothing(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person
) -> None:
    rule()
    send(person)
    for days in range(1, 80, 7):
        settled = assigning.settle(session, [person.id], at=NOW + days * DAY)
        assert settled == assigning.Settled(), days
    session.commit()
    assert dates(make) == [TODAY + 30 * DAY]


@pytest.mark.parametrize(
    "values",
    [
        {"categories": ["police"]},
        {"frameworks": ["nato"]},
        {"functions": ["genad"]},
        {"rank_bands": ["senior"]},
        {"retired_at": NOW},
    ],
)
def test_a_rule_that_is_not_about_somebody_gives_them_nothing(
    make: Factory, rule: Ruler, send: Sender, person: Person, values: dict[str, object]
) -> None:
    rule(**values)
    send(person)
    assert rows(make) == []


def test_a_vacant_post_a_rule_of_others_and_a_withdrawn_course_assign_nothing(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    rule(organisation_id=make.organisation().id)
    send(person)
    rule()
    send(None, category=Category.MILITARY)
    session.get_one(Course, course.id).withdrawn_at = NOW
    session.commit()
    send(person)
    assert rows(make) == []


def test_what_is_held_and_counts_is_not_assigned(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    rule()
    complete(session, person, course, TODAY - 30 * DAY, TODAY + 700 * DAY)
    send(person)
    assert len(rows(make)) == 1


def test_what_is_over_by_the_departure_begins_a_new_cycle(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    rule()
    complete(session, person, course, TODAY - 700 * DAY, TODAY + 30 * DAY)
    send(person)
    assert [(a.cycle, a.completed_at is None) for a in rows(make)] == [(1, False), (2, True)]


def test_it_is_not_given_again_before_that_helps(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    rule(max_age_days=183)
    complete(session, person, course, TODAY, TODAY + 700 * DAY)
    send(person, starts_on=TODAY + 300 * DAY)
    assert len(rows(make)) == 1
    assigning.settle(session, [person.id], at=NOW + 120 * DAY)
    session.commit()
    assert [a.due_on for a in rows(make)] == [None, TODAY + 270 * DAY]


def test_the_refresher_of_what_lapses_during_the_tour_is_given_90_days_ahead(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course
) -> None:
    rule(component="conduct")
    lapses = TODAY + 150 * DAY
    complete(session, person, course, TODAY - 30 * DAY, TODAY + 700 * DAY, conduct=lapses)
    send(person)
    assert len(rows(make)) == 1
    assigning.settle(session, [person.id], at=NOW + 29 * DAY)
    assert len(rows(make)) == 1
    assigning.settle(session, [person.id], at=NOW + 30 * DAY)
    session.commit()
    assert dates(make) == [None, lapses - 30 * DAY]


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


def test_two_deployments_that_overlap_give_one_assignment_with_the_earliest_date(
    make: Factory, rule: Ruler, send: Sender, person: Person, later: Mover
) -> None:
    rule()
    send(person, starts_on=TODAY + 90 * DAY)
    send(person, starts_on=TODAY + 80 * DAY)
    assert dates(make) == [TODAY + 50 * DAY]


def test_of_two_rules_the_stricter_wins_and_both_are_named(
    make: Factory, rule: Ruler, send: Sender, person: Person
) -> None:
    both = [rule(), rule(due_days_before=45, span=Span.TOUR)]
    send(person)
    assert dates(make) == [TODAY + 15 * DAY]
    query = select(audit.AuditEvent.detail).where(audit.AuditEvent.action == "assignment.made")
    assert make.rows(query)[0]["rules"] == [each.id for each in both]


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


def test_the_module_of_a_mission_is_given_for_each_deployment(
    make: Factory, session: Session, rule: Ruler, send: Sender, person: Person, course: Course,
    mission: Mission,
) -> None:  # fmt: skip
    rule(course_id=None)
    first = send(person, ends_on=TODAY + 70 * DAY)
    assert rows(make) == []  # Nobody has written it yet.
    session.get_one(Course, course.id).mission_id = mission.id
    session.commit()
    assigning.settle(session, [person.id], at=NOW)
    session.commit()
    done = complete(session, person, course, TODAY, TODAY + 700 * DAY)
    assert done.deployment_id == first.id
    assigning.settle(session, [person.id], at=NOW)
    session.commit()
    assert len(rows(make)) == 1
    second = send(person, starts_on=TODAY + 200 * DAY)
    assert [a.deployment_id for a in rows(make)] == [first.id, second.id]


def test_who_sets_the_rules_is_given_what_they_ask_like_everybody(
    make: Factory, session: Session, rule: Ruler, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    rule()
    make.deployment(trainer, mission, starts_on=TODAY + 60 * DAY)
    assigning.settle(session, [trainer.id], at=NOW)
    session.commit()
    (given,) = rows(make)
    assert (given.person_id, given.assigned_by_id) == (trainer.id, None)
