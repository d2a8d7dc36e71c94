"""A list of what was issued, outside the database: number and SHA-256 of each document.

After a restore to an earlier backup it says which certificates people hold that the database
has forgotten. It is written just before the document is stored, so it never lacks one; after a
crash in between it has a digest too many, which harms nobody, as numbers are what is compared.
"""

import os
from collections.abc import Iterator
from pathlib import Path

NAME = "issued.log"


def append(data: Path, number: str, sha256: str) -> None:
    """Add a line that survives power loss."""
    data.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(data / NAME, flags, 0o600)
    try:
        os.write(descriptor, f"{number} {sha256}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def numbers(data: Path) -> Iterator[str]:
    """Return the certificate numbers of the list, each as often as it has documents."""
    path = data / NAME
    if not path.exists():
        return
    with path.open(encoding="ascii", errors="replace") as file:
        for line in file:
            number, _space, _digest = line.strip().partition(" ")
            if number:
                yield number
