"""Who is ready for which deployment: what is gathered, for whom, and in how few statements."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.readiness.judging import Reason, State
from certificates.readiness.models import Waiver
from certificates.readiness.reading import Wanted
from certificates.readiness.services import counted, of_deployment, readiness, unwritten
from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.requirements.validity import Standing
from tests.certificates.readiness.rotation import completion, module_of, requirement, viewer
from tests.factories import NOW, TODAY, Factory
from training.accounts.models import Organisation, Person
from training.errors import NotFound
from training.missions import deployments
from training.missions.models import Deployment, Mission, MissionStatus
from training.permissions import Role

ALL = Wanted()


@pytest.fixture
def version(session: Session, course: Course) -> CourseVersion:
    """Return what is taught."""
    return session.scalars(select(CourseVersion).where(CourseVersion.course_id == course.id)).one()


def test_each_deployment_is_judged_by_what_its_organisation_requires(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    requirement(make, home.id, course, categories=["police"], component="conduct")
    requirement(make, make.organisation().id, course)
    trained, late, police = (make.person(organisation=home) for _ in range(3))
    for each in (trained, late):
        make.deployment(each, mission)
    make.deployment(police, mission, category="police")
    completion(make, make.assignment(trained, course), version)
    make.assignment(late, course, due_on=TODAY - timedelta(days=1))
    found = readiness(session, viewer(trainer), ALL, TODAY)
    states = {each.going.person_id: each.state for each in found.people}
    assert states == {trained.id: State.READY, late.id: State.AT_RISK, police.id: State.AT_RISK}
    reasons = {e.going.person_id: [f.verdict.reason for f in e.findings] for e in found.people}
    assert reasons[trained.id] == [Reason.MET]
    assert reasons[late.id] == [Reason.OVERDUE]
    assert reasons[police.id] == [Reason.NOT_ASSIGNED] * 2
    assert [each.state for each in found.people] == sorted(each.state for each in found.people)
    assert counted(found.people)[State.AT_RISK] == 2


def test_what_is_left_is_the_minutes_of_the_lessons_not_read_yet(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    fresh, read = make.person(organisation=home), make.person(organisation=home)
    for each in (fresh, read):
        make.deployment(each, mission)
    make.assignment(fresh, course)
    make.read_all(make.assignment(read, course))
    people = readiness(session, viewer(trainer), ALL, TODAY).people
    left = {
        e.going.person_id: f.open.work.minutes_left for e in people for f in e.findings if f.open
    }
    assert left[read.id] == 0
    assert left[fresh.id] > 10


def test_who_waits_for_a_talk_is_blocked(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission)
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    for _ in range(3):
        attempt = make.attempt(assignment)
        make.submit(attempt, person.id)
    finding = of_deployment(session, viewer(trainer), deployment.id, TODAY).findings[0]
    assert finding.verdict.reason is Reason.BLOCKED


def test_moving_the_departure_changes_readiness_at_once(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission)
    until = deployment.starts_on + timedelta(days=5)
    completion(make, make.assignment(person, course), version, valid_until=until)
    me = viewer(trainer)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.READY
    session.rollback()
    moved = {"starts_on": until + timedelta(days=1), "ends_on": until + timedelta(days=200)}
    deployments.change(session, me, deployment.id, moved, "Postponed.", at=NOW)
    found = of_deployment(session, me, deployment.id, TODAY)
    assert found.state is State.AT_RISK
    assert found.findings[0].judgement.standing is Standing.EXPIRED


def test_annulling_a_completion_after_the_departure_makes_somebody_not_ready(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission, starts_on=TODAY - timedelta(days=3))
    earned = completion(make, make.assignment(person, course), version)
    me = viewer(trainer)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.READY
    earned.annulled_on = TODAY
    session.commit()
    found = of_deployment(session, me, deployment.id, TODAY)
    assert (found.state, found.findings[0].verdict.reason) == (State.NOT_READY, Reason.DEPARTED)


def test_what_is_achieved_later_is_not_there_on_an_earlier_day(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission)
    completion(make, make.assignment(person, course), version, achieved_on=TODAY)
    me = viewer(trainer)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.READY
    assert of_deployment(session, me, deployment.id, TODAY - timedelta(days=1)).state < State.READY


def test_a_mission_module_that_nobody_wrote_says_nothing_about_who_goes(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    requirement(make, home.id, None)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission)
    completion(make, make.assignment(person, course), version)
    me = viewer(trainer)
    found = of_deployment(session, me, deployment.id, TODAY)
    assert found.state is State.READY
    assert [(u.mission, u.people) for u in unwritten([found])] == [(mission.name, 1)]
    module = module_of(session, mission.id)
    found = of_deployment(session, me, deployment.id, TODAY)
    assert (found.state, list(unwritten([found]))) == (State.AT_RISK, [])
    mine = session.get_one(Course, module.course_id)
    other = make.deployment(person, make.mission())
    completion(make, make.assignment(person, mine, deployment_id=other.id), module)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.AT_RISK
    again = make.assignment(person, mine, cycle=2, deployment_id=deployment.id)
    completion(make, again, module)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.READY


def test_the_departure_is_judged_as_if_nothing_more_happened(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    person = make.person(organisation=home)
    deployment = make.deployment(person, mission)
    make.assignment(person, course)
    found = of_deployment(session, viewer(trainer), deployment.id, TODAY)
    assert (found.state, found.at_departure) == (State.ON_SCHEDULE, State.NOT_READY)


def test_a_post_on_a_mission_that_is_closed_is_not_vacant(
    session: Session, make: Factory, home: Organisation, trainer: Person, mission: Mission
) -> None:
    make.deployment(make.person(organisation=home), mission, person_id=None)
    assert len(readiness(session, viewer(trainer), ALL, TODAY).vacant) == 1
    mission.status = MissionStatus.CLOSED
    session.commit()
    assert readiness(session, viewer(trainer), ALL, TODAY).vacant == []


def test_vacant_posts_are_told_apart_and_cancelled_ones_not_at_all(
    session: Session, make: Factory, home: Organisation, trainer: Person, mission: Mission
) -> None:
    person = make.person(organisation=home)
    make.deployment(person, mission, person_id=None)
    make.deployment(person, mission, cancelled_at=NOW)
    make.deployment(person, mission, starts_on=date(2020, 1, 1), ends_on=date(2020, 6, 1))
    found = readiness(session, viewer(trainer), ALL, TODAY)
    assert (len(found.people), len(found.vacant)) == (0, 1)


def test_a_commander_sees_their_unit_and_what_is_within_it_and_nothing_else(
    session: Session, make: Factory, home: Organisation, mission: Mission
) -> None:
    commander = make.person(Role.COMMANDER, organisation=home)
    assert commander.unit_id
    within = make.unit(home, parent_id=commander.unit_id)
    beside = make.unit(home)
    units = (commander.unit_id, within.id, beside.id, None)
    people = [make.person(organisation=home) for _ in units]
    made = [make.deployment(p, mission, unit_id=u) for p, u in zip(people, units, strict=True)]
    me = viewer(commander, Role.COMMANDER)
    found = readiness(session, me, ALL, TODAY)
    assert {e.going.deployment_id for e in found.people} == {made[0].id, made[1].id}
    assert not readiness(session, me, Wanted(unit_id=beside.id), TODAY).people
    with pytest.raises(NotFound):
        of_deployment(session, me, made[2].id, TODAY)


def test_nobody_sees_the_deployments_of_another_organisation(
    session: Session, make: Factory, mission: Mission, trainer: Person
) -> None:
    deployment = make.deployment(make.person(), mission)
    assert not readiness(session, viewer(trainer), ALL, TODAY).people
    with pytest.raises(NotFound):
        of_deployment(session, viewer(trainer), deployment.id, TODAY)


def waiver(make: Factory, deployment: Deployment, requirement_id: int, by: Person) -> Waiver:
    """Waive a requirement for the first ten days of a tour."""
    row = Waiver(
        deployment_id=deployment.id,
        requirement_id=requirement_id,
        reason="Late call-up.",
        authority="Head of training",
        ends_on=deployment.starts_on + timedelta(days=10),
        asked_by_id=by.id,
        asked_at=NOW,
        granted_at=NOW,
        granted_by_id=make.person().id,
    )
    make.session.add(row)
    make.session.commit()
    return row


@pytest.fixture
def many(
    make: Factory, course: Course, home: Organisation, trainer: Person, mission: Mission,
    version: CourseVersion,
) -> list[Deployment]:  # fmt: skip
    """Return deployments of which no two stand alike."""
    asked = [
        requirement(make, home.id, course),
        requirement(make, home.id, course, component="conduct", span="tour", waivable=True),
    ]
    requirement(make, home.id, None)
    made = []
    for number in range(6):
        person = make.person(organisation=home)
        starts_on = TODAY + timedelta(days=9 * number - 5)
        made.append(make.deployment(person, mission, starts_on=starts_on))
        if number % 3 == 0:
            until = starts_on + timedelta(days=20)
            completion(make, make.assignment(person, course), version, conduct=until)
        elif number % 3 == 1:
            make.assignment(person, course, due_on=TODAY + timedelta(days=3 * number))
    waiver(make, made[2], asked[0].id, trainer)
    waiver(make, made[5], asked[1].id, trainer)
    return made


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(day=st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=260)))
def test_the_board_and_the_page_of_one_deployment_never_disagree(
    session: Session, trainer: Person, many: list[Deployment], day: date
) -> None:
    me = viewer(trainer)
    board = {e.going.deployment_id: e for e in readiness(session, me, ALL, day).people}
    assert set(board) == {each.id for each in many if each.ends_on >= day}
    for deployment_id, on_the_board in board.items():
        assert of_deployment(session, me, deployment_id, day) == on_the_board


@pytest.mark.parametrize("rows", [1, 300])
def test_readiness_takes_as_few_statements_for_many_as_for_one(
    session: Session, make: Factory, course: Course, home: Organisation, trainer: Person,
    mission: Mission, version: CourseVersion, statements: list[str], rows: int,
) -> None:  # fmt: skip
    requirement(make, home.id, course)
    requirement(make, home.id, None)
    people = make.crowd(home.id, rows)
    for each in people:
        session.add(
            Deployment(
                organisation_id=home.id,
                person_id=each.id,
                mission_id=mission.id,
                category=each.category,
                starts_on=TODAY + timedelta(days=40),
                ends_on=TODAY + timedelta(days=200),
            )
        )
        session.add(Assignment(person_id=each.id, course_id=course.id, cycle=1, assigned_at=NOW))
    session.commit()
    assert len(readiness(session, viewer(trainer), ALL, TODAY).people) == rows
    del statements[:]
    readiness(session, viewer(trainer), ALL, TODAY)
    assert len([s for s in statements if s.startswith(("SELECT", "WITH"))]) <= 5
