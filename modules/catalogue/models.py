"""Courses and their published versions, which never change."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.orm import Base


class MayTestFirst(enum.StrEnum):
    """When somebody may take the test before they have read every lesson."""

    NEVER = "never"
    REPEAT = "repeat"  # From the second cycle on.
    ALWAYS = "always"


class Course(Base):
    """What can be assigned; its newest version that is not withdrawn is the one taught."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    withdrawn_at: Mapped[datetime | None]


class CourseVersion(Base):
    """A published version X.Y.Z: Z is wording, Y content, X a material change."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "major", "minor", "patch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    major: Mapped[int]
    minor: Mapped[int]
    patch: Mapped[int]
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    pass_mark: Mapped[int]  # Per cent.
    validity_months: Mapped[int]
    test_first: Mapped[MayTestFirst]
    approved_by: Mapped[str | None]
    approved_on: Mapped[date | None]
    # SHA-256 over every file of the course: the same version never has other content.
    content_hash: Mapped[str]
    published_at: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="raise")
    modules: Mapped[list["Module"]] = relationship(lazy="raise", order_by="Module.position")

    @property
    def version(self) -> str:
        """Return X.Y.Z as it is printed."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def partial(self) -> bool:
        """Tell whether this is a 0.x version, which does not have all its modules yet."""
        return self.major == 0


class Module(Base):
    """A subject of a course version; as a component it can expire before the whole."""

    __tablename__ = "module"
    __table_args__ = (UniqueConstraint("course_version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    position: Mapped[int]
    code: Mapped[str]
    slug: Mapped[str]
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    minutes: Mapped[int]
    component: Mapped[str | None]
    component_months: Mapped[int | None]

    objectives: Mapped[list["Objective"]] = relationship(
        lazy="raise", order_by="Objective.position"
    )
    lessons: Mapped[list["Lesson"]] = relationship(lazy="raise", order_by="Lesson.position")


class Objective(Base):
    """What a learner can do afterwards, and how many questions the final test asks of it."""

    __tablename__ = "objective"
    __table_args__ = (UniqueConstraint("module_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    position: Mapped[int]
    code: Mapped[str]
    bloom: Mapped[str]
    text: Mapped[dict[str, str]]
    draw_critical: Mapped[int]
    draw_other: Mapped[int]


class Lesson(Base):
    """A lesson of a module, in every language; `objectives` holds their codes."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("module_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    position: Mapped[int]
    slug: Mapped[str]
    title: Mapped[dict[str, str]]
    minutes: Mapped[int]
    objectives: Mapped[list[str]]
    reviewed_on: Mapped[date]
    review_by: Mapped[date]

    texts: Mapped[list["LessonText"]] = relationship(lazy="raise")


class LessonText(Base):
    """A lesson in one language, rendered and cleaned when it was published."""

    __tablename__ = "lesson_text"
    __table_args__ = (UniqueConstraint("lesson_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    language: Mapped[str]
    # Parts in order: {"kind": "html", "html": …} or {"kind": "referral", "html": ""}.
    parts: Mapped[list[dict[str, str]]]


class Asset(Base):
    """A picture of a lesson, named by what it holds."""

    __tablename__ = "asset"
    __table_args__ = (Index("ix_asset_digest", "digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    media_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)
