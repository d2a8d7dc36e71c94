"""Attempts at a final test: what was drawn, every answer saved, and the grades."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion
from quizzes.bank.models import QuestionVersion
from training.orm import Base


class Status(enum.Enum):
    """Where an attempt stands."""

    OPEN = "open"
    CONDUCT_CHECK = "conduct_check"
    PASSED = "passed"
    FAILED = "failed"


UNDER_WAY = (Status.OPEN, Status.CONDUCT_CHECK)
_UNDER_WAY = text(f"status IN ({', '.join(repr(status.value) for status in UNDER_WAY)})")


class Attempt(Base):
    """One try at the final test of the version it began with, by the rules it began with."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("assignment_id", "number"),
        # Two tabs cannot begin two attempts.
        Index(
            "uq_attempt_under_way",
            "assignment_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("round BETWEEN 0 AND 2", name="round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    number: Mapped[int]
    seed: Mapped[int]
    pass_mark: Mapped[int]  # Per cent, as it was when the attempt began.
    status: Mapped[Status]
    # 0 is the test itself, 1 and 2 are conduct checks.
    round: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(lazy="raise")
    course_version: Mapped[CourseVersion] = relationship(lazy="raise")
    grades: Mapped[list["Grade"]] = relationship(lazy="raise", order_by="Grade.round")

    @property
    def is_under_way(self) -> bool:
        """Tell whether it goes on."""
        return self.status in UNDER_WAY


class Item(Base):
    """A question drawn for an attempt, with its options in the order they are shown."""

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "round", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    round: Mapped[int]
    position: Mapped[int]  # From 1.
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    option_order: Mapped[list[str]]

    question: Mapped[QuestionVersion] = relationship(lazy="raise")


class Response(Base):
    """An answer as it was saved; a newer one stands, every one is kept."""

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    chosen: Mapped[list[str]]
    saved_at: Mapped[datetime]


class Reread(Base):
    """A lesson read again before a conduct check."""

    __tablename__ = "reread"
    __table_args__ = (UniqueConstraint("attempt_id", "round", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    round: Mapped[int]
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    read_at: Mapped[datetime]


class Grade(Base):
    """What a round was worth; a later correction is another row, never a change."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("attempt_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    round: Mapped[int]
    score: Mapped[int]
    maximum: Mapped[int]
    critical_missed: Mapped[int]
    passed: Mapped[bool]
    graded_at: Mapped[datetime]


class Unlock(Base):
    """A talk with a trainer, asked for or held: it opens three more attempts of a cycle."""

    __tablename__ = "unlock"
    __table_args__ = (
        # Asking twice, or two trainers at once, makes one.
        UniqueConstraint("assignment_id", "number"),
        CheckConstraint("(unlocked_at IS NULL) = (note IS NULL)", name="note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    number: Mapped[int]  # From 1.
    asked_at: Mapped[datetime | None]
    unlocked_at: Mapped[datetime | None]
    unlocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]  # What was talked about.
