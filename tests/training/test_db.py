"""Writing: only inside transaction(), all or nothing, and nothing lost to somebody else."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from training import db
from training.accounts.models import Organisation, Throttle

AT_ONCE = 8
TIMES = 5


def test_a_row_added_outside_a_transaction_is_refused(app: Flask) -> None:
    with app.app_context():
        db.session().add(Organisation(name="Stray"))
        with pytest.raises(RuntimeError, match="outside transaction"):
            db.session().flush()
        db.session().rollback()


def test_a_change_that_nobody_flushed_is_refused_when_the_request_ends(
    app: Flask, make: Factory, session: Session
) -> None:
    organisation = make.organisation(name="As it was")
    with pytest.raises(RuntimeError, match="outside transaction"), app.app_context():
        db.session().get_one(Organisation, organisation.id).name = "Changed"
    session.refresh(organisation)
    assert organisation.name == "As it was"


def test_a_change_made_before_a_transaction_is_refused_when_it_begins(
    app: Flask, make: Factory
) -> None:
    organisation = make.organisation()
    with app.app_context():
        db.session().get_one(Organisation, organisation.id).name = "Changed"
        with pytest.raises(RuntimeError, match="outside transaction"), db.transaction():
            pass
        db.session().rollback()


@pytest.mark.parametrize(
    "statement",
    [
        update(Organisation).values(name="Stray"),
        delete(Organisation),
        insert(Organisation).values(name="Stray"),
    ],
)
def test_a_statement_that_writes_outside_a_transaction_is_refused(
    statement: object, app: Flask, make: Factory
) -> None:
    make.organisation()
    with app.app_context(), pytest.raises(RuntimeError, match="outside transaction"):
        db.session().execute(statement)  # type: ignore[call-overload]


def test_a_transaction_is_kept_whole_or_not_at_all(app: Flask, session: Session) -> None:
    def add_twice() -> None:
        with db.transaction() as current:
            current.add(Organisation(name="One"))
            current.flush()
            current.add(Organisation(name="One"))

    with app.app_context():
        with pytest.raises(IntegrityError):
            add_twice()
        with db.transaction() as current:
            current.add(Organisation(name="Two"))
    assert session.scalars(select(Organisation.name)).all() == ["Two"]


def test_a_transaction_decides_on_rows_as_they_are_now(
    app: Flask, make: Factory, session: Session
) -> None:
    organisation = make.organisation(name="As it was")
    with app.app_context():
        read = db.session().get_one(Organisation, organisation.id)
        organisation.name = "Changed meanwhile"
        session.commit()
        with db.transaction():
            assert read.name == "Changed meanwhile"


def test_what_waits_for_the_commit_sees_it_and_does_not_happen_without(
    app: Flask, engine: Engine
) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        with Session(engine) as other:
            seen.append(list(other.scalars(select(Organisation.name))))

    def fail() -> None:
        with db.transaction() as current:
            db.after_commit(current, look)
            current.add(Organisation(name="Lost"))
            raise LookupError

    with app.app_context():
        with pytest.raises(LookupError):
            fail()
        with db.transaction() as current:
            current.add(Organisation(name="Kept"))
            db.after_commit(current, look)
            assert seen == []
        with db.transaction():
            pass
    assert seen == [["Kept"]]


def test_eight_threads_that_read_change_and_write_lose_nothing(
    app: Flask, session: Session
) -> None:
    session.add(Throttle(key="counted", failures=0, blocked_until=NOW, last_at=NOW))
    session.commit()
    barrier = Barrier(AT_ONCE)

    def count(_: int) -> None:
        barrier.wait()
        for _ in range(TIMES):
            with app.app_context(), db.transaction() as current:
                row = current.get_one(Throttle, "counted", with_for_update=True)
                row.failures += 1

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(count, range(AT_ONCE)))
    assert session.scalars(select(Throttle.failures)).all() == [AT_ONCE * TIMES]


def test_each_request_has_a_session_of_its_own(app: Flask) -> None:
    with app.app_context():
        first = db.session()
        assert db.session() is first
    with app.app_context():
        assert db.session() is not first
