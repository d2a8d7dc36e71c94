"""Lists outside the database, a line at a time: what it has forgotten can be told by them."""

import os
from collections.abc import Iterator
from pathlib import Path


def append(path: Path, line: str) -> None:
    """Add a line that survives power loss; only the platform's own account reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines(path: Path) -> Iterator[str]:
    """Return the lines of a list, none when there is no file."""
    if path.exists():
        with path.open(encoding="ascii", errors="replace") as file:
            yield from (line.strip() for line in file)
