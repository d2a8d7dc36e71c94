"""Looking at many people again: in batches, by several workers, and after a crash."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.requirements import assigning, rounds
from modules.requirements.models import Reassessment
from tests.conftest import Worker
from tests.factories import NOW, TODAY, Factory
from tests.modules.requirements.conftest import Ruler, Sender
from tests.races import alone, at_once, together
from tests.test_budgets import TRANSACTION
from training import clock
from training.accounts.models import Organisation, Person
from training.missions import deployments
from training.missions.models import Deployment, Mission
from training.permissions import Viewer

# However many people there are; four read the course, which the application does but once.
SETTLING = 12


def deploy_all(make: Factory, home: Organisation, mission: Mission, number: int) -> list[int]:
    """Deploy many people behind the back of the rules, and return their ids."""
    people = make.crowd(home.id, number)
    make.session.add_all(
        Deployment(
            organisation_id=home.id,
            person_id=person.id,
            mission_id=mission.id,
            category=person.category,
            starts_on=TODAY + timedelta(days=60),
            ends_on=TODAY + timedelta(days=200),
        )
        for person in people
    )
    make.session.commit()
    return [person.id for person in people]


def given(make: Factory) -> list[int]:
    """Return who has been assigned something, in order."""
    return sorted(a.person_id for a in make.rows(select(Assignment)))


def test_the_worker_looks_at_everybody_once_a_day(
    app: Flask,
    make: Factory,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule()
    people = deploy_all(make, home, mission, 3)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    worker()
    assert given(make) == people
    make.session.execute(delete(Assignment))
    make.session.commit()
    worker()
    assert given(make) == []
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=24))
    worker()
    assert given(make) == people


def test_what_stops_it_between_batches_loses_and_doubles_nothing(
    make: Factory,
    session: Session,
    engine: Engine,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "BATCH", 2)
    rule()
    people = deploy_all(make, home, mission, 5)
    rounds.ask_for_everybody(session, home.id)
    session.commit()
    assert alone(engine, lambda s: rounds.step(s, at=NOW))
    assert given(make) == people[:2]
    with monkeypatch.context() as patch:
        # It dies with its second batch written and not committed.
        patch.setattr(assigning, "settle", dying(assigning.settle))
        with pytest.raises(RuntimeError):
            alone(engine, lambda s: rounds.step(s, at=NOW))
    assert given(make) == people[:2]
    while alone(engine, lambda s: rounds.step(s, at=NOW)):
        pass
    assert given(make) == people
    assert make.rows(select(Reassessment)) == []


def test_what_rests_with_a_record_that_was_merged_waits_there_for_the_undo(
    make: Factory,
    session: Session,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    course: Course,
) -> None:
    rule()
    kept = make.person(organisation=home)
    gone = make.person(organisation=home, merged_into_id=kept.id)
    going = make.deployment(kept, mission)
    rests = make.assignment(gone, course, deployment_id=going.id)
    rounds.ask_for_everybody(session, home.id)
    while rounds.step(session, at=NOW):
        session.commit()
    assert rests.id in [a.id for a in make.rows(select(Assignment))]


def dying(act: Callable[..., object]) -> Callable[..., None]:
    """Return what does the same and then fails."""

    def fail(*args: object, **options: object) -> None:
        act(*args, **options)
        raise RuntimeError

    return fail


def test_eight_workers_at_once_make_one_assignment_of_each_person(
    engine: Engine, make: Factory, rule: Ruler, home: Organisation, mission: Mission
) -> None:
    rule()
    people = deploy_all(make, home, mission, 12)
    at_once(engine, lambda session, _: assigning.settle(session, people[::-1], at=NOW))
    assert given(make) == people


def test_a_rule_and_a_trainer_at_once_make_one_assignment(
    engine: Engine,
    make: Factory,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    viewer: Viewer,
    course: Course,
) -> None:
    rule()
    people = deploy_all(make, home, mission, 6)
    names = [f"crowd{index}" for index in range(5, -1, -1)]
    together(
        [
            lambda: alone(engine, lambda s: assigning.settle(s, people, at=NOW)),
            lambda: alone(
                engine, lambda s: assignments.assign(s, viewer, course.id, names, TODAY, at=NOW)
            ),
        ]
    )
    assert given(make) == people


def test_the_same_change_by_eight_at_once_assigns_once(
    engine: Engine,
    make: Factory,
    session: Session,
    rule: Ruler,
    send: Sender,
    person: Person,
    viewer: Viewer,
) -> None:
    deployment = send(person)
    rule()

    def change(session: Session, number: int) -> None:
        values = {"starts_on": TODAY + timedelta(days=70 + number)}
        deployments.change(session, viewer, deployment.id, values, "Moved.", at=NOW)

    at_once(engine, change)
    (made,) = make.rows(select(Assignment))
    (now,) = make.rows(select(Deployment))
    assert made.due_on == now.starts_on - timedelta(days=30)


@pytest.mark.parametrize("number", [1, 300])
def test_it_takes_as_many_statements_for_300_people_as_for_one(
    engine: Engine,
    make: Factory,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    statements: list[str],
    number: int,
) -> None:
    rule()
    people = deploy_all(make, home, mission, number)
    alone(engine, lambda s: assigning.settle(s, people[:1], at=NOW))
    del statements[:]
    alone(engine, lambda s: assigning.settle(s, people, at=NOW))
    # SQLite is told each new row apart.
    asked = [s for s in statements if not s.startswith((*TRANSACTION, "INSERT"))]
    assert len(asked) <= SETTLING, asked


def test_a_roster_is_settled_once_however_many_it_sends(
    engine: Engine,
    app: Flask,
    make: Factory,
    rule: Ruler,
    home: Organisation,
    mission: Mission,
    viewer: Viewer,
    statements: list[str],
) -> None:
    rule()
    crowd = make.crowd(home.id, 30)

    def roster(session: Session) -> None:
        for person in crowd:
            values = {
                "person_id": person.id,
                "category": person.category,
                "starts_on": TODAY + timedelta(days=60),
                "ends_on": TODAY + timedelta(days=200),
            }
            deployments.deploy(session, viewer, home.id, mission.id, values, at=NOW)

    alone(engine, roster)
    assert given(make) == [person.id for person in crowd]
    assert sum("FROM requirement" in statement for statement in statements) == 1
