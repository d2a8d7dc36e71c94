"""Publishing: every part checks the curriculum, then all of it is published or nothing."""

from importlib.resources import as_file, files
from pathlib import Path

from training import clock, db, installation
from training.errors import Problem
from training.parts import registered


def curriculum() -> Path:
    """Return the folder of the curriculum: the one set, else the one that is shipped."""
    chosen: Path | None = installation.settings().curriculum
    if chosen is not None:
        return chosen
    with as_file(files("modules") / "curriculum") as folder:
        return folder


def validate() -> list[Problem]:
    """Return everything that keeps the curriculum from being published."""
    folder, found = curriculum(), set()
    for part in registered():
        if part.validate is not None:
            found.update(part.validate(db.session(), folder))
    return sorted(found)


def publish() -> list[str]:
    """Publish what is new, in one transaction, and return a line about each thing.

    A curriculum with problems is refused with all that the part finds; `validate` asks every part.
    """
    folder, now, lines = curriculum(), clock.now(), []
    with db.transaction() as session:
        for part in registered():
            if part.publish is not None:
                lines += part.publish(session, folder, now)
    return lines
