"""The command `training`: set up, serve, and look after an installation."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from pysqlite3 import dbapi2
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from training import (
    audit,
    backups,
    clock,
    config,
    db,
    health,
    installation,
    jobs,
    logs,
    publishing,
    server,
)
from training.accounts import passwords, roles
from training.app import create_app
from training.errors import DomainError
from training.migrations import schema
from training.parts import registered
from training.upkeep import seal_log
from training.upkeep import services as upkeep


@click.group()
def main() -> None:
    """Train people before they go on mission, and prove it."""
    # What an installation keeps is for its own account only.
    os.umask(0o077)
    logs.configure()


@contextmanager
def _sentences() -> Iterator[None]:
    """Say in one sentence what keeps a command from working."""
    try:
        yield
    except (config.ConfigurationError, DomainError) as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, dbapi2.OperationalError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        msg = (
            f"The database cannot be used ({reason}). Look whether it is running and has room, "
            "and whether TRAINING_DATABASE_URL is right."
        )
        raise click.ClickException(msg) from error
    except OSError as error:
        msg = f"{error}. Look whether TRAINING_DATA is right, and whether this account may use it."
        raise click.ClickException(msg) from error


@contextmanager
def _application() -> Iterator[tuple[Flask, config.Settings]]:
    with _sentences():
        settings = config.load()
        app = create_app(settings)
        with app.app_context():
            yield app, settings


@main.command()
def init() -> None:
    """Set up a new installation: secret key, database, curriculum. Safe to run again."""
    if "TRAINING_SECRET_KEY" not in os.environ:
        with _sentences():
            config.create_secret(config.data_folder())
    with _application() as (app, settings):
        settings.data.mkdir(parents=True, exist_ok=True)
        schema.upgrade(app.extensions["engine"])
        jobs.make_queue(settings, create=True)
        _publish()


@main.command()
def upgrade() -> None:
    """Back up, migrate, publish what is new, and check every record."""
    with _application() as (app, settings):
        engine = app.extensions["engine"]
        with engine.connect() as connection:
            pending = schema.problems(connection)
        if pending:
            name = f"before-upgrade-{clock.now():%Y%m%dT%H%M%S}.tar.gz"
            made = backups.backup(settings, engine, settings.data / name)
            click.echo(f"Backup: {made}")
            schema.upgrade(engine)
            _note_backup(engine, made)
        jobs.make_queue(settings, create=True)
        _publish()
        _check()


@main.command()
def publish() -> None:
    """Publish the versions of the curriculum that are new, or say what is wrong with them."""
    with _application():
        _publish()


def _publish() -> None:
    if problems := publishing.validate():
        for problem in problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"{len(problems)} problems, nothing was published.")
    lines = publishing.publish()
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("Everything is published already.")


@main.command()
def serve() -> None:
    """Serve the pages. Start `training worker` beside it."""
    with _application() as (app, settings):
        _refuse_unready(app)
        app.extensions["engine"].dispose()
    click.echo(f"Serving on http://{settings.host}:{settings.port}")
    server.serve(app, settings)


def _refuse_unready(app: Flask) -> None:
    if not app.extensions["settings"].data.is_dir():
        raise click.ClickException("There is no installation in TRAINING_DATA: training init")
    with app.extensions["engine"].connect() as connection:
        if problems := schema.problems(connection):
            raise click.ClickException(problems[0])
    for part in registered():
        for problem in part.problems() if part.problems else []:
            click.echo(f"Warning: {problem}", err=True)


@main.command()
def worker() -> None:
    """Do the background work: documents, upkeep, seals."""
    with _application() as (app, settings):
        _refuse_unready(app)
        jobs.beat(settings.data)
        jobs.run_all()
        db.session().rollback()
    server.work(app)


@main.command()
@click.option("--organisation", prompt=True)
@click.option("--user-name", prompt=True)
@click.option("--name", prompt="Name as printed")
def create_admin(organisation: str, user_name: str, name: str) -> None:
    """Make an administrator of an organisation and print their start code once."""
    code = passwords.start_code()
    hashed = passwords.hash_secret(code)
    with _application(), db.transaction() as session:
        roles.create_administrator(session, organisation, user_name, name, hashed, at=clock.now())
    click.echo(f"Start code for {user_name}, to be used within 14 days: {code}")


@main.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
def backup(target: Path | None) -> None:
    """Write database and key into one archive (default: in the data folder)."""
    with _application() as (app, settings):
        target = target or settings.data / f"backup-{clock.now():%Y%m%dT%H%M%S}.tar.gz"
        engine = app.extensions["engine"]
        click.echo(backups.backup(settings, engine, target))
        _note_backup(engine, target)


def _note_backup(engine: Engine, target: Path) -> None:
    with engine.connect() as connection:
        if schema.problems(connection):
            return  # There may be no table yet to note it in.
    at = clock.now()
    with db.transaction() as session:
        upkeep.note(session, upkeep.BACKUP, at=at, size=target.stat().st_size)
        audit.record(session, "backup.made", "backup", None, actor_id=None, at=at)


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(source: Path) -> None:
    """Put an archive back where there is no database yet."""
    backups.restore_key(config.data_folder(), source)
    with _application() as (_app, settings):
        backups.restore(settings, source)
        _say_what_is_lost()
    click.echo("Restored. Run: training upgrade")


def _say_what_is_lost() -> None:
    """Name what was done since the backup; nothing here hinders the restore."""
    try:
        data = installation.settings().data
        seal_log.append_restore(db.session(), data, at=clock.now())
        sentences = [s for part in registered() if part.lost for s in part.lost(db.session())]
    except DBAPIError:
        click.echo("An old backup. After the upgrade, what is missing is named by: training check")
        return
    for sentence in sentences:
        click.echo(sentence)


@main.command()
def check() -> None:
    """Look for records that contradict each other, changed documents and broken seals."""
    with _application():
        _check()


def _check() -> None:
    sentences = [s for part in registered() if part.check for s in part.check(db.session())]
    for sentence in sentences:
        click.echo(sentence, err=True)
    if sentences:
        raise click.ClickException(f"{len(sentences)} contradictions.")
    click.echo("Every record agrees.")


@main.command()
def doctor() -> None:
    """Say what this machine lacks."""
    with _application():
        problems = health.problems()
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


@main.command()
def demo() -> None:
    """Fill the demonstration with invented people; running it again changes nothing."""
    with _application() as (_app, settings):
        if not settings.demonstration:
            raise click.ClickException("Set TRAINING_DEMO=1: this is for the demonstration only.")
        for part in registered():
            if part.demonstrate:
                part.demonstrate(clock.now())
                logging.getLogger(__name__).info("filled %s", part.name)


if __name__ == "__main__":
    main()
