"""The questions, each in the wording of a published course version."""

import enum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.catalogue.models import Objective
from training.orm import Base


class Kind(enum.Enum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"


class Question(Base):
    """A question through all its versions, known by its code within a course."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("course_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    code: Mapped[str]


class QuestionVersion(Base):
    """A question as one course version asks it; never changed once published."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("objective_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id"))
    bloom: Mapped[str]
    critical: Mapped[bool]
    kind: Mapped[Kind]
    text: Mapped[dict[str, str]]
    # [{"key": "a", "right": true, "text": {…}, "feedback": {…}}, …] in the author's order.
    options: Mapped[list[dict[str, Any]]]

    question: Mapped[Question] = relationship(lazy="raise")
    objective: Mapped[Objective] = relationship(lazy="raise")
