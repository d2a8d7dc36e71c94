"""Remarks about the content. They are about texts, never about what somebody did."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.catalogue.models import CourseVersion
from training.orm import Base


class Subject(enum.Enum):
    """What kind of text a remark is about."""

    LESSON = "lesson"
    QUESTION = "question"


class Kind(enum.Enum):
    """What is wrong with it."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    OFFENSIVE = "offensive"


class State(enum.Enum):
    """What became of a remark."""

    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class ContentRemark(Base):
    """A remark of a person about one text, which is one remark however often a day it is sent."""

    __tablename__ = "content_remark"
    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "course_version_id",
            "subject",
            "place",
            "made_on",
            # Put together from the columns it would be longer than PostgreSQL takes.
            name="uq_content_remark_day",
        ),
        # The author's list is read in this order, by key.
        Index("ix_content_remark_list", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    subject: Mapped[Subject]
    # `module/lesson` by their slugs, or the code of a question: a name, for what lies above.
    place: Mapped[str]
    language: Mapped[str]
    kind: Mapped[Kind]
    text: Mapped[str]  # Empty once an author took it away.
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(default=State.OPEN)
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    course_version: Mapped[CourseVersion] = relationship(lazy="raise")
