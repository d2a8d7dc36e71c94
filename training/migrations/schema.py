"""Bring a database to the schema of this version, or say how far it is from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    with migrating(engine) as connection:
        command.upgrade(configuration(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Take migrations back; for tests and for a release that went wrong."""
    with migrating(engine) as connection:
        command.downgrade(configuration(connection), target)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Lend the connection of one migration, which is kept as a whole or not at all."""
    with engine.connect().execution_options(write=True) as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        # SQLite changes a table by making it anew, which others point at in the meantime.
        # Their references are looked at once, at the end; inside a transaction it takes no order.
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError(f"references that lead nowhere: {broken[:5]}")
        finally:
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()


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
