"""Bring a database to the schema of this version, or say how far it is from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, working on a given connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, target: str = "head") -> None:
    """Apply the migrations that are missing, all in one transaction."""
    with _writing(engine) as connection:
        command.upgrade(configuration(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Take migrations back; for tests and for a release that went wrong."""
    with _writing(engine) as connection:
        command.downgrade(configuration(connection), target)


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction of a migration.

    SQLite changes a table by copying it, and rows that point at it must not mind meanwhile;
    foreign keys can be switched off outside a transaction only, and are checked at its end.
    """
    with engine.connect().execution_options(write=True) as connection:
        raw: Any = connection.connection.dbapi_connection
        embedded = connection.dialect.name == "sqlite"
        if embedded:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if embedded and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError("rows would point at nothing after this migration")
        finally:
            if embedded:
                raw.execute("PRAGMA foreign_keys=ON")


def present(connection: Connection) -> str | None:
    """Return the number of the last migration this database has had."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the number of the last migration there is."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def problems(connection: Connection) -> list[str]:
    """Return a sentence when the database is not at the schema of this version."""
    found, expected = present(connection), newest()
    if found == expected:
        return []
    return [f"The database is at schema {found}, this version needs {expected}: training upgrade"]
