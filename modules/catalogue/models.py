"""Courses and their published versions, which never change."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.accounts.models import Organisation
from training.orm import Base


class MayTestFirst(enum.StrEnum):
    """When somebody may take the test before they have read every lesson."""

    NEVER = "never"
    REPEAT = "repeat"  # From the second cycle on.
    ALWAYS = "always"


class Course(Base):
    """What can be assigned; its newest version that is not withdrawn is the one taught.

    The course of a mission is its mission module: it is completed per deployment, and gives
    no certificate.
    """

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("mission.id"), unique=True)
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
    # SHA-256 over every file of the course: the same version never has other content.
    content_hash: Mapped[str]
    published_at: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="raise")
    modules: Mapped[list["Module"]] = relationship(lazy="raise", order_by="Module.position")

    approvals: Mapped[list["Approval"]] = relationship(lazy="raise")

    @property
    def version(self) -> str:
        """Return X.Y.Z as it is printed."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def partial(self) -> bool:
        """Tell whether this is a 0.x version, which does not have all its modules yet."""
        return self.major == 0


IN_FORCE = text("withdrawn_at IS NULL")
FOR_ALL = text("withdrawn_at IS NULL AND organisation_id IS NULL")


class Approval(Base):
    """Somebody answers for a course version: for one organisation, or (none) for all of them.

    It stands apart from the version, which every process keeps for ever once it has read it.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "uq_approval_in_force",
            "course_version_id",
            "organisation_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        # No organisation is never equal to no organisation, so that needs one of its own.
        Index(
            "uq_approval_for_all",
            "course_version_id",
            unique=True,
            sqlite_where=FOR_ALL,
            postgresql_where=FOR_ALL,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    function: Mapped[str]  # In which function, as it is printed; never a name.
    approved_on: Mapped[date]
    approved_at: Mapped[datetime]
    # Nobody: the files of the course said so when it was published.
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


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
