"""The base of every model, and the engine. SQLAlchemy only: services may import this."""

import enum
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pysqlite3 import dbapi2
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from training.config import ConfigurationError

# FULL makes a commit survive power loss, which is what an acknowledged answer is promised.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")

# Earlier ones can corrupt a journal that several connections write to.
SAFE_SQLITE = (3, 51, 3)
UNSAFE_SQLITE = (
    f"SQLite {dbapi2.sqlite_version} can damage its own file. Install a newer pysqlite3 "
    "(3.51.3 or later), or set TRAINING_DATABASE_URL to a PostgreSQL database."
)


class UTCDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes in Python, UTC without a zone in the database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive datetime: nobody can say which moment it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive datetime: {value!r}"
            raise ValueError(msg)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give every stored datetime its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Parent of every model: named constraints, UTC times, enums kept by value."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own spelling
        datetime: UTCDateTime(),
        dict[str, Any]: sa.JSON(),
        dict[str, str]: sa.JSON(),
        list[str]: sa.JSON(),
        list[list[str]]: sa.JSON(),
        list[dict[str, str]]: sa.JSON(),
        list[dict[str, Any]]: sa.JSON(),
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


def table(model: type[Base]) -> sa.Table:
    """Return a model's table, for what every request asks: a row costs a third of an entity."""
    found = model.__table__
    if not isinstance(found, sa.Table):
        raise TypeError(f"{model.__name__} is not kept in one table")
    return found


def insert_once(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return the statement that inserts a row unless one of its key is there already."""
    embedded = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(model) if embedded else postgresql.insert(model)
    return insert.on_conflict_do_nothing()


def make_engine(url: str, *, durable: bool = True, **options: Any) -> sa.Engine:
    """Create an engine, with the settings each database needs to keep what it acknowledged.

    Without `durable` PostgreSQL keeps the setting of its server, as suits most tests.
    """
    parsed = sa.make_url(url)
    options["hide_parameters"] = True  # A fault is written down without the values of people.
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), **options)
        if durable:
            sa.event.listen(engine, "connect", _configure_postgresql)
        return engine
    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise ConfigurationError(UNSAFE_SQLITE)
    engine = sa.create_engine(parsed, module=dbapi2, **options)
    sa.event.listen(engine, "connect", _configure_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_postgresql(connection: Any, _record: object) -> None:
    # The server, the database or the role may have been told otherwise.
    connection.execute("SET synchronous_commit = on")
    connection.commit()


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # The driver must not begin on our behalf.
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A write takes its lock at once: a read that is upgraded later fails or loses an update.
    mode = "IMMEDIATE" if connection.get_execution_options().get("write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
