"""What a learner has read and completed within an assignment."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion
from training.orm import Base


class Reading(Base):
    """A lesson ticked by the learner; opening a lesson makes none."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("assignment_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    read_at: Mapped[datetime]


class Mode(enum.Enum):
    """How a course was taken."""

    ONLINE = "online"


class Completion(Base):
    """The truth of which a certificate is the paper; never changed, only annulled."""

    __tablename__ = "completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    mode: Mapped[Mode]
    minutes: Mapped[int]
    achieved_on: Mapped[date]
    recorded_at: Mapped[datetime]
    valid_until: Mapped[date]
    annulled_on: Mapped[date | None]

    assignment: Mapped[Assignment] = relationship(lazy="raise")
    course_version: Mapped[CourseVersion] = relationship(lazy="raise")
    components: Mapped[list["ComponentValidity"]] = relationship(lazy="raise")


class ComponentValidity(Base):
    """Until when one component of a completion counts, e.g. conduct."""

    __tablename__ = "component_validity"
    __table_args__ = (UniqueConstraint("completion_id", "component"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    component: Mapped[str]
    title: Mapped[dict[str, str]]
    valid_until: Mapped[date]
