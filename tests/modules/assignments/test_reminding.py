"""Who is reminded when: on the days that are left, once for each reason, and never of the past."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments import reminding
from modules.assignments.due import reminder
from modules.catalogue.models import Course
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from training.mail.models import OutboxMail
from training.permissions import Role

DUE = date(2027, 3, 31)
LONG_AGO = date(2026, 1, 1)
DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 2, 28), None),
        (date(2027, 3, 1), 30),
        (date(2027, 3, 3), 30),  # The worker had stood still for two days.
        (date(2027, 3, 4), None),
        (date(2027, 3, 17), 14),
        (date(2027, 3, 24), 7),
        (date(2027, 3, 30), 1),
        (date(2027, 3, 31), 1),
        (date(2027, 4, 1), -1),
        (date(2027, 4, 4), None),
    ],
)
def test_reminders_come_30_14_7_and_1_days_before_and_when_it_is_late(
    today: date, said: int | None
) -> None:
    assert reminder(DUE, LONG_AGO, today) == said


def test_days_that_had_passed_when_it_was_assigned_are_skipped() -> None:
    assert reminder(DUE, date(2027, 3, 17), date(2027, 3, 17)) is None
    assert reminder(DUE, date(2027, 3, 18), date(2027, 3, 18)) is None
    assert reminder(DUE, date(2027, 3, 18), date(2027, 3, 24)) == 7


@given(DAYS, DAYS, DAYS)
def test_nobody_is_reminded_on_the_day_of_assigning_or_before(
    due_on: date, assigned_on: date, today: date
) -> None:
    if today <= assigned_on:
        assert reminder(due_on, assigned_on, today) is None


def keys(session: Session) -> list[str]:
    """Return what waits in the outbox."""
    session.rollback()
    return sorted(session.scalars(select(OutboxMail.key)))


def test_an_open_course_is_reminded_of_once_and_again_for_another_due_date(
    make: Factory, course: Course, session: Session
) -> None:
    person = make.person(email="x@home.example")
    due_on = TODAY + timedelta(days=7)
    assignment = make.assignment(
        person, course, due_on=due_on, assigned_at=NOW - timedelta(days=40)
    )
    for _turn in range(2):
        reminding.remind(session, at=NOW)
        session.commit()
    assert keys(session) == [f"due:{assignment.id}:{due_on}:7"]
    # The departure is moved earlier after the reminder: what is now due sooner is another reason.
    assignment.due_on = TODAY + timedelta(days=1)
    session.commit()
    reminding.remind(session, at=NOW)
    session.commit()
    assert len(keys(session)) == 2
    assert not reminding.still_due(session, {"id": str(assignment.id), "due_on": str(due_on)})


def test_nobody_is_reminded_of_what_is_done_withdrawn_or_not_theirs_any_more(
    make: Factory, course: Course, session: Session
) -> None:
    late = {"due_on": TODAY - timedelta(days=1), "assigned_at": NOW - timedelta(days=40)}
    make.assignment(make.person(email="a@home.example"), course, **late, completed_at=NOW)
    make.assignment(make.person(email="b@home.example", is_active=False), course, **late)
    make.assignment(make.person(), course, **late)  # No address: the first page says it.
    someone = make.assignment(make.person(email="c@home.example"), course, **late)
    reminding.remind(session, at=NOW)
    session.commit()
    assert keys(session) == [f"late:{someone.id}:{late['due_on']}:-1"]
    course.withdrawn_at = NOW
    make.assignment(make.person(email="d@home.example"), course, **late)
    reminding.remind(session, at=NOW)
    session.commit()
    assert len(keys(session)) == 1


@pytest.mark.parametrize(
    ("at", "due_on", "reminded"),
    [
        # Amsterdam is two hours ahead of UTC until the last Sunday of October, then one.
        (datetime(2026, 10, 24, 5, 0, tzinfo=UTC), date(2026, 10, 31), True),
        (datetime(2026, 10, 24, 4, 59, tzinfo=UTC), date(2026, 10, 31), False),
        (datetime(2026, 10, 25, 5, 30, tzinfo=UTC), date(2026, 11, 1), False),
        (datetime(2026, 10, 25, 6, 0, tzinfo=UTC), date(2026, 11, 1), True),
        # 23:30 UTC is the next day there, and night.
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 11, 1), False),
    ],
)
def test_reminders_go_from_seven_in_the_morning_where_the_organisation_is(
    make: Factory,
    course: Course,
    session: Session,
    at: datetime,
    due_on: date,
    reminded: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    person = make.person(email="x@home.example")
    make.assignment(person, course, due_on=due_on, assigned_at=at - timedelta(days=40))
    reminding.remind(session, at=at)
    session.commit()
    assert bool(keys(session)) is reminded


def test_two_workers_at_once_remind_once(make: Factory, course: Course, engine: Engine) -> None:
    person = make.person(email="x@home.example")
    trainer = make.person(Role.TRAINER, email="t@home.example")
    due_on = TODAY + timedelta(days=14)
    make.assignment(person, course, due_on=due_on, assigned_at=NOW - timedelta(days=40))

    def work(session: Session, _number: int) -> None:
        reminding.remind(session, at=NOW)
        reminding.digest(session, at=NOW)

    at_once(engine, work)
    assert sorted(m.person_id for m in make.rows(select(OutboxMail))) == [person.id, trainer.id]


def test_the_digest_counts_the_people_of_the_trainers_organisation_only(
    make: Factory, course: Course, session: Session
) -> None:
    home = make.organisation()
    trainer = make.person(Role.TRAINER, organisation=home, email="t@home.example")
    for days in (-1, -9, 3, 14, 15):
        person = make.person(organisation=home)
        make.assignment(person, course, due_on=TODAY + timedelta(days=days))
    make.assignment(make.person(), course, due_on=TODAY - timedelta(days=1))
    done = make.person(organisation=home)
    make.assignment(done, course, due_on=TODAY - timedelta(days=1), completed_at=NOW)
    assert reminding.counted(session, trainer.id, at=NOW) == {"late": 2, "soon": 2}


def test_a_trainer_gets_one_digest_a_week(make: Factory, session: Session) -> None:
    make.person(Role.TRAINER, email="t@home.example")
    make.person(Role.HR, email="h@home.example")
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    for days in range(8):
        reminding.digest(session, at=monday + timedelta(days=days))
        session.commit()
    assert len(keys(session)) == 2
