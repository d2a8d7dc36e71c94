"""Migrations: up from nothing, down to nothing, and up again with rows in every table."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from flask import Flask
from sqlalchemy import Engine, Inspector, MetaData, inspect, select, text, update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.approvals import approval_of
from modules.catalogue.models import Approval, Course, CourseVersion
from modules.remarks import services as remarks
from modules.remarks.models import Kind, Subject
from modules.remarks.services import Target
from modules.requirements.models import Reassessment
from tests.certificates.register.test_register import earn
from tests.factories import NOW, TODAY, Factory
from training import audit
from training.accounts import sessions, throttle
from training.accounts.models import CodeRequest, Person, RecoveryCode, RoleGrant, SecondFactor
from training.imports.models import About, KnownColumn, Upload
from training.kept import corrections
from training.kept import services as kept
from training.kept.models import About as Wrong
from training.kept.models import Sex
from training.mail import services as outbox
from training.mail.services import Wish
from training.merging.models import MergeRecord
from training.migrations import schema
from training.missions import cards
from training.missions.services import conduct_channel
from training.orm import Base, make_engine
from training.permissions import Role


def tables(engine: Engine) -> set[str]:
    """Return the tables of a database, but for Alembic's own."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_upgrading_from_nothing_gives_what_the_models_say(engine: Engine) -> None:
    with engine.connect().execution_options(write=True) as connection:
        command.check(schema.configuration(connection))
    assert tables(engine) == set(Base.metadata.tables)


def test_a_model_that_no_migration_knows_is_found(engine: Engine) -> None:
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("ALTER TABLE organisation ADD COLUMN forgotten VARCHAR"))
        with pytest.raises(CommandError, match="forgotten"):
            command.check(schema.configuration(connection))


def keys(found: Inspector, table: str) -> list[Any]:
    """Return the primary key of a table, unless SQLite is to count on and takes no name for it."""
    counts_on = Base.metadata.tables[table].dialect_options["sqlite"]["autoincrement"]
    return [] if counts_on else [found.get_pk_constraint(table)]


def test_names_of_constraints_are_the_same_on_every_database(engine: Engine) -> None:
    found = inspect(engine)
    named = {
        constraint["name"]
        for table in tables(engine)
        for constraint in (
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *keys(found, table),
        )
    }
    assert None not in named
    assert "uq_person_user_name" in named
    assert "fk_person_unit_id_unit" in named


def test_down_to_nothing_and_up_again_with_rows_in_the_tables(
    engine: Engine, course: Course, make: Factory, session: Session
) -> None:
    fill(make, course, session)
    session.close()
    filled = {name for name, number in counted(engine).items() if number}
    assert {"person", "attempt", "response", "lesson_text", "question_version"} <= filled
    schema.downgrade(engine, "base")
    assert tables(engine) == set()
    schema.upgrade(engine)
    assert tables(engine) == set(Base.metadata.tables)
    assert not any(counted(engine).values())
    with engine.connect() as connection:
        assert schema.problems(connection) == []


def fill(make: Factory, course: Course, session: Session) -> None:
    """Put rows into the tables that point at each other."""
    organisation = make.organisation()
    inner = make.unit(organisation, parent_id=make.unit(organisation).id)
    person = make.person(Role.TRAINER, organisation=organisation, unit_id=inner.id)
    deployment = make.deployment(person, make.mission())
    cards.want(session, conduct_channel(session, person.id, TODAY), "en", at=NOW)
    assignment = make.assignment(person, course, deployment_id=deployment.id, due_on=TODAY)
    make.read_all(assignment)
    make.answer(make.attempt(assignment), person.id)
    token = sessions.begin(session, person.id, own_device=False, at=NOW)
    target = Target(Subject.LESSON, session.scalars(select(CourseVersion.id)).one(), "a/b")
    remarks.send(session, person.id, target, "en", Kind.WRONG, "No.", today=TODAY, at=NOW)
    session.add(RoleGrant(person_id=person.id, role=Role.REVIEWER))
    sessions.hold_form(session, token, "/", [["a", "b"]], at=NOW)
    session.add(SecondFactor(person_id=person.id, salt="salt", last_step=1, set_up_at=NOW))
    session.add(RecoveryCode(person_id=person.id, code_hash="hash"))
    session.add(CodeRequest(token_hash="hash", made_at=NOW))
    session.add(Reassessment(organisation_id=organisation.id, after_id=0))
    person.email = "x@home.example"
    outbox.queue(session, "assigned", [Wish(person.id, assignment.id, {})], at=NOW)
    gone = make.person(organisation=organisation, merged_into_id=person.id)
    values = {"kept_id": person.id, "gone_id": gone.id, "merged_by_id": person.id}
    session.add(MergeRecord(**values, merged_at=NOW, was_active=True, moved={"a": {"ids": [1]}}))
    roster = {"organisation_id": organisation.id, "about": About.ROSTER}
    upload = {"uploaded_by_id": person.id, "token": "t", "sha256": "0", "uploaded_at": NOW}
    session.add(Upload(**roster, **upload))
    session.add(KnownColumn(**roster, header="wie", field="name"))
    throttle.take(session, "key", free=1, at=NOW)
    kept.tell_sex(session, person.id, Sex.WOMAN, at=NOW)
    kept.store(session, kept.want_paper(session, person.id, "en", at=NOW).id, b"%PDF", at=NOW)
    corrections.ask(session, person.id, Wrong.DETAILS, "Wrong.", "Right.", "token", at=NOW)
    audit.record(session, "thing.done", "thing", 1, actor_id=person.id, at=NOW)
    session.flush()
    audit.seal(session, at=NOW)
    session.commit()


def test_an_approval_of_the_files_is_kept_by_going_down_and_up(
    engine: Engine, course: Course, session: Session
) -> None:
    version_id = session.scalars(select(CourseVersion.id)).one()
    session.add(
        Approval(course_version_id=version_id, function="GENAD", approved_on=TODAY, approved_at=NOW)
    )
    session.commit()
    session.close()
    schema.downgrade(engine, "0005")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT approved_by FROM course_version"))
        assert kept.scalars().all() == ["GENAD"]
    schema.upgrade(engine)
    assert approval_of(session, version_id, 0) == ("GENAD", TODAY)


def test_going_down_deletes_no_certificate_of_somebody_who_was_removed(
    app: Flask, engine: Engine, course: Course, make: Factory, session: Session
) -> None:
    earn(app, make, course, session, make.person())
    session.execute(update(Certificate).values(person_id=None, completion_id=None))
    session.commit()
    session.close()
    with pytest.raises(RuntimeError, match="restore a backup"):
        schema.downgrade(engine, "0010")
    assert counted(engine)["certificate"] == 1


def test_the_last_sign_in_of_everybody_is_known_after_going_up(
    engine: Engine, make: Factory, session: Session
) -> None:
    person, other = make.person(), make.person()
    sessions.begin(session, person.id, own_device=False, at=NOW)
    session.commit()
    session.close()
    schema.downgrade(engine, "0010")
    schema.upgrade(engine)
    query = select(Person.last_signed_in_on).order_by(Person.id)
    assert make.rows(query.where(Person.id.in_((person.id, other.id)))) == [TODAY, None]


def test_no_assignment_gets_the_id_of_one_that_was_taken_back_before_going_up(
    engine: Engine, course: Course, make: Factory, session: Session
) -> None:
    stays, goes = (make.assignment(make.person(), course) for _ in range(2))
    audit.record(session, "assignment.unmade", "assignment", goes.id, actor_id=None, at=NOW)
    session.delete(goes)
    session.commit()
    before = around(engine, "assignment")
    schema.downgrade(engine, "0015")
    schema.upgrade(engine)
    assert around(engine, "assignment") == before
    assert make.rows(select(Assignment.id)) == [stays.id]
    assert make.assignment(make.person(), course).id > goes.id


def around(engine: Engine, table: str) -> list[list[Any]]:
    """Return the indexes and constraints of a table."""
    found = inspect(engine)
    several = (found.get_indexes, found.get_foreign_keys, found.get_unique_constraints)
    return [sorted(each(table), key=lambda one: str(one["name"])) for each in several]


def counted(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has."""
    with engine.connect() as connection:
        return {
            name: len(connection.execute(select(text("1")).select_from(text(name))).all())
            for name in tables(engine)
        }


def test_upgrading_twice_changes_nothing(engine: Engine, make: Factory) -> None:
    make.person()
    schema.upgrade(engine)
    assert counted(engine)["person"] == 1


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(engine: Engine) -> None:
    schema.downgrade(engine, "base")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE person (id INTEGER PRIMARY KEY)"))
    before = structure(engine)
    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(engine)
    assert structure(engine) == before


def structure(engine: Engine) -> dict[str, list[str]]:
    """Return the columns of every table."""
    metadata = MetaData()
    metadata.reflect(engine)
    return {name: [column.name for column in t.columns] for name, t in metadata.tables.items()}


def test_a_database_behind_this_version_is_named_with_the_remedy(engine: Engine) -> None:
    assert_problems(engine, [])
    schema.downgrade(engine, "base")
    assert_problems(engine, ["None"])


def assert_problems(engine: Engine, wanted: list[Any]) -> None:
    """Compare what is said of a database with what should be."""
    with engine.connect() as connection:
        said = schema.problems(connection)
    assert len(said) == len(wanted)
    for sentence, part in zip(said, wanted, strict=True):
        assert part in sentence
        assert "training upgrade" in sentence


def test_a_table_made_anew_keeps_what_points_at_it(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/training.db")
    schema.upgrade(engine)
    with Session(engine.execution_options(write=True)) as session:
        Factory(session).person()
    with schema.migrating(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("organisation", recreate="always"):
            pass
    assert counted(engine)["person"] == counted(engine)["organisation"] == 1
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_migration_that_leaves_references_to_nothing_is_taken_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/training.db")
    schema.upgrade(engine)
    with Session(engine.execution_options(write=True)) as session:
        Factory(session).person()
    with pytest.raises(RuntimeError, match="lead nowhere"), schema.migrating(engine) as connection:
        connection.execute(text("DELETE FROM organisation"))
    assert counted(engine)["organisation"] == 1
    engine.dispose()
