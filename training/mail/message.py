"""A mail as it goes out: plain text, an address without a name, and an id that stays. Pure."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

# One bare address: nothing that ends a header, adds a receiver or opens a comment.
ADDRESS = re.compile(r'[^\s@<>()\[\],;:\\"]{1,64}@[^\s@<>()\[\],;:\\"]{1,250}')
# Not every server on the way takes eight bits.
POLICY = SMTP.clone(cte_type="7bit")


class NotAnAddress(Exception):
    """Nothing can be sent to what is on record."""


def compose(
    text: str, *, sender: str, address: str, language: str, message_id: str, at: datetime
) -> EmailMessage:
    """Make a message of a text whose first line is its subject. Raises `NotAnAddress`."""
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise NotAnAddress
    subject, _, body = text.strip().partition("\n\n")
    message = EmailMessage(POLICY)
    message["From"] = sender
    message["To"] = address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    # No automatic answers, please (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{body}\n")
    message["Content-Language"] = language  # Last: setting the content clears what is said of it.
    return message
