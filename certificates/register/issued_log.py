"""A list of what was issued, outside the database: number and SHA-256 of each document.

After a restore to an earlier backup it says which certificates people hold that the database
has forgotten. It is written just before the document is stored, so it never lacks one; after a
crash in between it has a digest too many, which harms nobody, as numbers are what is compared.
"""

from collections.abc import Iterator
from pathlib import Path

from training import outside

NAME = "issued.log"


def append(data: Path, number: str, sha256: str) -> None:
    """Add a document."""
    outside.append(data / NAME, f"{number} {sha256}")


def numbers(data: Path) -> Iterator[str]:
    """Return the certificate numbers of the list, each as often as it has documents."""
    for line in outside.lines(data / NAME):
        number, _space, _digest = line.partition(" ")
        if number:
            yield number
