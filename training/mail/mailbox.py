"""The mailbox of the demonstration: mail goes into a folder of the installation, not out."""

import email
import email.policy
import mailbox
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from training.mail.models import Refusal
from training.mail.smtp import Refused

SENDER = "training@demonstration.example"
NO_SUCH_USER = 550
SHOWN = 30


@dataclass(frozen=True)
class Letter:
    """A mail as the page shows it."""

    address: str
    language: str
    subject: str
    lines: tuple[str, ...]


class Folder:
    """Takes messages as a mail server does; there is nobody at `.invalid` (RFC 2606)."""

    sender = SENDER

    def __init__(self, path: Path) -> None:
        """Remember the folder; the first message makes it."""
        self._path = path

    def close(self) -> None:
        """Do nothing: every message is in its file."""

    def send(self, message: EmailMessage, address: str) -> None:
        """Put one message into the folder. Raises `Refused` for an address that cannot exist."""
        if address.endswith(".invalid"):
            raise Refused(Refusal.ADDRESS, NO_SUCH_USER)
        mailbox.Maildir(self._path).add(message)


def path(data: Path) -> Path:
    """Return where the mailbox lies in the data folder."""
    return data / "mailbox"


def newest(folder: Path) -> tuple[list[Letter], int]:
    """Return the newest letters, and how many there are in all."""
    files = sorted((folder / "new").glob("*"), key=lambda file: (file.stat().st_mtime_ns, file))
    return [_letter(file) for file in reversed(files[-SHOWN:])], len(files)


def _letter(file: Path) -> Letter:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Letter(
        address=message["To"],
        language=message["Content-Language"],
        subject=message["Subject"],
        lines=tuple(message.get_content().strip().splitlines()),
    )
