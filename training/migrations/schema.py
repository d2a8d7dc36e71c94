"""Bring a database to the schema of this version, or say how far it is from it."""

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
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        command.upgrade(configuration(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Take migrations back; for tests and for a release that went wrong."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        command.downgrade(configuration(connection), target)


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
