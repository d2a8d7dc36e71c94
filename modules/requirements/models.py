"""Who needs which training by when, until when it must be valid, and what may stand for it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.catalogue.models import Course
from modules.requirements.validity import Span
from training.accounts.models import Organisation
from training.missions.models import Mission
from training.orm import Base


class Requirement(Base):
    """A rule of an organisation: whoever it is about needs a course, or their mission's module.

    Each of the lists narrows whom it is about; an empty one is about everybody.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("max_age_days > 0", name="age"),
        CheckConstraint("due_days_before >= 1", name="due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    # The values of `Framework`, `Category`, `Function` and `RankBand`.
    frameworks: Mapped[list[str]]
    categories: Mapped[list[str]]
    functions: Mapped[list[str]]
    rank_bands: Mapped[list[str]]
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("mission.id"), index=True)
    # None: the mission module of whichever mission somebody goes on.
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    # The one component of the course that is asked for, e.g. conduct; None: the whole course.
    component: Mapped[str | None]
    span: Mapped[Span]
    max_age_days: Mapped[int | None]
    due_days_before: Mapped[int]
    waivable: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    mission: Mapped[Mission | None] = relationship(lazy="raise")
    course: Mapped[Course | None] = relationship(lazy="raise")
    equivalents: Mapped[list["Equivalent"]] = relationship(
        lazy="raise", order_by="Equivalent.id", cascade="all, delete-orphan"
    )


class Equivalent(Base):
    """What may stand for what a requirement asks: another course, or a kind of certificate."""

    __tablename__ = "equivalent"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (external IS NULL)", name="one"),
        CheckConstraint("max_age_days > 0", name="age"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    # The kind of an external certificate.
    external: Mapped[str | None]
    max_age_days: Mapped[int | None]


class Reassessment(Base):
    """Some people of an organisation are to be looked at again, and how far that has come.

    They are named by a span of ids, not each by a row: whoever asks holds no lock on them, and
    nothing here has to go when a person does.
    """

    __tablename__ = "reassessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    # Those whose ids come after the one, up to the other (none: everybody).
    after_id: Mapped[int]
    up_to_id: Mapped[int | None]
