"""Sex for the statistics, requests for a correction, and the papers a person asked for."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.accounts.models import Person
from training.orm import Base


class Sex(enum.Enum):
    """What somebody chose to say; who would rather not say has no row."""

    WOMAN = "woman"
    MAN = "man"
    ANOTHER = "another"


class PersonStatistic(Base):
    """Sex, apart from the person: for statistics only, seen and set by the person alone."""

    __tablename__ = "person_statistic"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sex: Mapped[Sex]
    set_at: Mapped[datetime]


class About(enum.Enum):
    """What somebody wants corrected."""

    DETAILS = "details"
    TRAINING = "training"
    CERTIFICATE = "certificate"


class Outcome(enum.Enum):
    """What became of a request."""

    DONE = "done"
    REFUSED = "refused"


class CorrectionRequest(Base):
    """What a person says is wrong about them, and what somebody else did about it."""

    __tablename__ = "correction_request"
    __table_args__ = (
        # The same form sent twice is one request.
        UniqueConstraint("person_id", "token"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("outcome <> 'refused' OR answer <> ''", name="reason"),
        Index(
            "ix_correction_request_waiting",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str]
    about: Mapped[About]
    wrong: Mapped[str]
    should_be: Mapped[str]
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class OwnPaper(Base):
    """What is kept about a person as a PDF they asked for, for a week."""

    __tablename__ = "own_paper"
    __table_args__ = (
        Index("ix_own_paper_owner", "person_id", "id"),
        # Asking again while one is being made asks for the same one.
        Index(
            "uq_own_paper_wanted",
            "person_id",
            unique=True,
            sqlite_where=text("made_at IS NULL"),
            postgresql_where=text("made_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str]
    wanted_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime | None]


class OwnPaperContent(Base):
    """The bytes of such a PDF, in a table of their own so that lists never load them."""

    __tablename__ = "own_paper_content"

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("own_paper.id", ondelete="CASCADE"), primary_key=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)
