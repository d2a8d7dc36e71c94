"""Being on a roster assigns what is missing, and keeps up with whatever changes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from modules.requirements import assigning
from modules.requirements.validity import Span
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import DAY, Mover, Ruler, Sender, complete, dates, rows
from training import audit
from training.accounts.models import Category, Organisation, Person
from training.mail.models import OutboxMail
from training.missions import deployments
from training.missions.models import Mission
from training.permissions import Viewer


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


def test_who_is_sent_again_after_all_is_told_of_it_again(
    make: Factory,
    session: Session,
    viewer: Viewer,
    rule: Ruler,
    send: Sender,
    person: Person,
) -> None:
    person.email = "p@home.example"
    session.commit()
    rule()
    deployments.cancel(session, viewer, send(person).id, "Mistaken.", at=NOW)
    session.commit()
    assert rows(make) == []
    send(person)
    (again,) = rows(make)
    last = make.rows(select(OutboxMail).order_by(OutboxMail.id))[-1]
    assert last.arguments == {"id": str(again.id)}
    assert len(make.rows(select(OutboxMail))) == 2


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
