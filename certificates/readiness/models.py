"""Exceptions to what is required, and how readiness developed from day to day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from modules.requirements.models import Requirement
from training.accounts.models import Person
from training.missions.models import Deployment
from training.orm import Base

NOT_OVER = text("refused_at IS NULL AND ended_at IS NULL")


class Waiver(Base):
    """Somebody may go without what is required, until a day; asked and granted by two people."""

    __tablename__ = "waiver"
    __table_args__ = (
        Index(
            "uq_waiver_not_over",
            "deployment_id",
            "requirement_id",
            unique=True,
            sqlite_where=NOT_OVER,
            postgresql_where=NOT_OVER,
        ),
        CheckConstraint("granted_by_id <> asked_by_id", name="two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"), index=True)
    reason: Mapped[str]
    # In which function, or by which order, it is granted; never a name.
    authority: Mapped[str]
    ends_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime | None]
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    # Taken back before its last day.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    deployment: Mapped[Deployment] = relationship(lazy="raise")
    requirement: Mapped[Requirement] = relationship(lazy="raise")
    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])


class Snapshot(Base):
    """How many people of one unit on one mission stood how, on one day; nobody is named."""

    __tablename__ = "readiness_snapshot"
    __table_args__ = (UniqueConstraint("day", "organisation_id", "mission_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"), index=True)
    state: Mapped[str]
    people: Mapped[int]
