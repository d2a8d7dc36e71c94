"""Who is to take which course by when. One assignment is one cycle of a person in a course."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.catalogue.models import Course
from training.accounts.models import Person
from training.orm import Base


class Assignment(Base):
    """A course to be completed; a retake is a new assignment with the next cycle number."""

    __tablename__ = "assignment"
    # Mail and the audit trail name an assignment by its id, also when it was taken back: SQLite
    # is told not to give that id to another one.
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    cycle: Mapped[int]
    due_on: Mapped[date | None]
    deployment_id: Mapped[int | None] = mapped_column(ForeignKey("deployment.id"), index=True)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    course: Mapped[Course] = relationship(lazy="raise")


class BulkKind(enum.Enum):
    """What was done to many assignments in one act."""

    ASSIGN = "assign"
    EXTEND = "extend"


class BulkAction(Base):
    """One act on many assignments, with what it takes to undo it."""

    __tablename__ = "bulk_action"
    __table_args__ = (Index("ix_bulk_action_newest", "actor_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[BulkKind]
    due_on: Mapped[date | None]
    # [{"id": 7, "made": false, "before": "2027-01-15" or null}, …], by the ids of assignments.
    changes: Mapped[list[dict[str, Any]]]
    done_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
