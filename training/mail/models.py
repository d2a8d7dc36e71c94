"""Mail that waits, was handed over, or was refused."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.accounts.models import Person
from training.orm import Base


class MailState(enum.Enum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"  # It had become of no use, or somebody took it off the list.


class Refusal(enum.Enum):
    """Why a mail did not arrive."""

    NO_ADDRESS = "no_address"
    ADDRESS = "address"
    CONTENT = "content"
    SILENCE = "silence"


class OutboxMail(Base):
    """One mail to one person. Address, language and text are those of the moment of sending."""

    __tablename__ = "outbox_mail"
    # What did not arrive is listed the newest first.
    __table_args__ = (Index("ix_outbox_mail_list", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What it is about, e.g. `assigned:17`: the same mail is queued once.
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    # Ids and tokens, nothing of the person; forgotten as soon as it was sent.
    arguments: Mapped[dict[str, str]]
    # Fixed from the start, so that a receiver can tell a double.
    message_id: Mapped[str] = mapped_column(unique=True)
    queued_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    # Counts the claims: whoever claimed it before a later one has no say any more.
    tries: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    # None once it is finished. A claim moves it ahead, so that a crash only delays.
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    refusal: Mapped[Refusal | None]
    # The last answer of the mail server other than yes; its words may name the address.
    smtp_code: Mapped[int | None]

    person: Mapped[Person] = relationship(lazy="raise")
