"""A copy of everything that cannot be made again: the database and its secret key."""

import shutil
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, make_url

from training.config import Settings
from training.errors import DomainError

DATABASE = "training.db"
DUMP = "training.dump"
KEY = "secret.key"


def backup(settings: Settings, engine: Engine, target: Path) -> Path:
    """Write database and key into one archive, readable by its owner alone.

    The database may be in use: SQLite copies itself (VACUUM INTO), PostgreSQL is dumped.
    """
    if target.exists():
        raise DomainError(f"{target} exists already. Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = _copy(settings, engine, Path(folder))
        partial = Path(folder) / "partial"
        partial.touch(mode=0o600)
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(copy, copy.name)
            if (settings.data / KEY).exists():
                archive.add(settings.data / KEY, KEY)
        partial.rename(target)
    return target


def _copy(settings: Settings, engine: Engine, folder: Path) -> Path:
    if settings.embedded:
        copy = folder / DATABASE
        # SQLite refuses to do this inside a transaction, which a SQLAlchemy connection begins.
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(copy),))
        return copy
    copy = folder / DUMP
    _run("pg_dump", "--format=custom", f"--file={copy}", _dsn(settings))
    return copy


def restore(settings: Settings, source: Path) -> None:
    """Put an archive back. Raises `DomainError` while there is a database that would be lost."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
        found = Path(folder)
        if settings.embedded:
            _restore_file(settings, found / DATABASE)
        else:
            _run(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                f"--dbname={_dsn(settings)}",
                str(found / DUMP),
            )


def restore_key(data: Path, source: Path) -> None:
    """Put the secret key of an archive back, unless there is one; nothing starts without."""
    with tarfile.open(source) as archive:
        held = archive.extractfile(KEY) if KEY in archive.getnames() else None
        if held is None or (data / KEY).exists():
            return
        data.mkdir(parents=True, exist_ok=True)
        (data / KEY).touch(mode=0o600)
        (data / KEY).write_bytes(held.read())


def _restore_file(settings: Settings, copy: Path) -> None:
    target = Path(make_url(settings.database_url).database or "")
    # A journal left behind would be replayed over the restored file.
    for there in (target, target.with_name(f"{target.name}-wal")):
        if there.exists():
            raise DomainError(f"{there} exists. Stop the platform and move it away first.")
    if not copy.exists():
        raise DomainError("This archive holds no SQLite database.")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(copy, target)


def _dsn(settings: Settings) -> str:
    url = make_url(settings.database_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise DomainError(f"{command[0]} is missing. Install postgresql-client.") from error
    except subprocess.CalledProcessError as error:
        raise DomainError(f"{command[0]}: {error.stderr.strip()}") from error
