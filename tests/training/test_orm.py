"""The engine and the types: what each database is told, and what it gives back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.training.conftest import embedded, on_postgresql
from training.accounts.models import Organisation, Person, Throttle, Unit
from training.config import ConfigurationError
from training.orm import make_engine


def test_a_naive_datetime_is_refused(session: Session) -> None:
    naive = datetime(2026, 11, 24, 12)  # noqa: DTZ001 - the mistake itself
    session.add(Throttle(key="naive", failures=0, blocked_until=naive, last_at=NOW))
    with pytest.raises(StatementError, match="naive datetime"):
        session.flush()


def test_an_instant_comes_back_as_the_same_instant_in_utc(session: Session) -> None:
    there = timezone(timedelta(hours=5, minutes=45))
    instant = datetime(2026, 11, 25, 1, 30, 0, 123456, tzinfo=there)
    row = Throttle(key="instant", failures=0, blocked_until=instant, last_at=NOW)
    session.add(row)
    session.commit()
    session.refresh(row)
    assert row.blocked_until == instant
    assert row.blocked_until.tzinfo is UTC


@embedded
def test_every_connection_to_sqlite_keeps_what_it_acknowledged(database_url: str) -> None:
    engine = make_engine(database_url)
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in pragmas}
            assert found == pragmas
    engine.dispose()


def test_the_sqlite_library_is_free_of_the_bug_that_corrupts_a_journal() -> None:
    assert dbapi2.sqlite_version_info >= (3, 51, 3)


@embedded
def test_a_write_takes_the_lock_at_once_and_a_read_does_not(
    engine: Engine, session: Session, statements: list[str]
) -> None:
    begun: list[str] = []
    with engine.connect() as reader:
        reader.execute(text("SELECT 1"))
        session.connection()
        begun = [statement for statement in statements if statement.startswith("BEGIN")]
    assert begun == ["BEGIN DEFERRED", "BEGIN IMMEDIATE"]


def test_an_older_sqlite_library_is_refused_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(ConfigurationError, match="Install a newer pysqlite3"):
        make_engine("sqlite://")
    make_engine("postgresql://nobody@127.0.0.1:1/none").dispose()


@on_postgresql
def test_every_connection_to_postgresql_keeps_what_it_acknowledged_whatever_the_server_says(
    database_url: str,
) -> None:
    engine = make_engine(database_url)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
            connection.rollback()
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    engine.dispose()


@on_postgresql
def test_postgresql_is_reached_through_psycopg_3(engine: Engine) -> None:
    assert engine.dialect.driver == "psycopg"
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_a_row_that_points_nowhere_is_refused(session: Session) -> None:
    session.add(Unit(organisation_id=12345, name="Nowhere"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_enum_outside_its_members_is_refused_by_the_database(
    make: Factory, session: Session
) -> None:
    make.person()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE person SET category = 'admiral'"))


def test_two_organisations_have_two_names(session: Session) -> None:
    session.add_all([Organisation(name="One"), Organisation(name="One")])
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_relationship_is_never_loaded_by_accident(make: Factory, session: Session) -> None:
    person = session.get_one(Person, make.person().id)
    with pytest.raises(Exception, match="raise"):
        _ = person.organisation
