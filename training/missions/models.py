"""Missions, the rotations of people on them, and who goes when."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.accounts.models import Category, Organisation, Person, Unit
from training.orm import Base


class Framework(enum.Enum):
    """Under whose authority a mission is carried out."""

    UN = "un"
    EU = "eu"
    NATO = "nato"
    OSCE = "osce"
    NATIONAL = "national"
    OTHER = "other"


class MissionStatus(enum.Enum):
    """Whether people can be sent: an open mission names where to report."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


class Function(enum.Enum):
    """What somebody is on a mission, besides a member of it."""

    LEADERSHIP = "leadership"
    DECISION_MAKER = "decision_maker"
    COMMUNITY_FACING = "community_facing"
    GENDER_ADVISER = "genad"
    GENDER_FOCAL_POINT = "gfp"


class Mission(Base):
    """A mission, with the channels that its people are shown in the lessons.

    It belongs to the platform; the lead alone changes it. Each channel has the day on which
    somebody last checked that it is right.
    """

    __tablename__ = "mission"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    framework: Mapped[Framework]
    host_country: Mapped[str]
    status: Mapped[MissionStatus] = mapped_column(
        default=MissionStatus.OPEN, server_default=MissionStatus.OPEN.value
    )
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    conduct_inside: Mapped[str] = mapped_column(default="")
    conduct_outside: Mapped[str] = mapped_column(default="")
    conduct_checked_on: Mapped[date | None]
    referral: Mapped[str] = mapped_column(default="")
    referral_checked_on: Mapped[date | None]
    gender_adviser: Mapped[str] = mapped_column(default="")
    adviser_checked_on: Mapped[date | None]
    # To whom the case of a defender at risk is handed over, and when.
    hand_over: Mapped[str] = mapped_column(default="", server_default="")
    hand_over_checked_on: Mapped[date | None]
    # Whether the host country has an action plan on 1325, for which years, and whose it is.
    action_plan: Mapped[str] = mapped_column(default="", server_default="")
    action_plan_checked_on: Mapped[date | None]

    lead: Mapped[Organisation | None] = relationship(lazy="raise")


class Rotation(Base):
    """People who go on a mission together; of several organisations perhaps."""

    __tablename__ = "rotation"
    __table_args__ = (UniqueConstraint("mission_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    mission: Mapped[Mission] = relationship(lazy="raise")


class Mandate(Base):
    """A sending organisation lets the lead of a mission see its names in one rotation."""

    __tablename__ = "mandate"
    __table_args__ = (Index("ix_mandate_sender", "rotation_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation_id: Mapped[int] = mapped_column(ForeignKey("rotation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ends_on: Mapped[date]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class Deployment(Base):
    """One person on one mission from a first to a last day; without a person, a vacant post."""

    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="order"),
        # The readiness of an organisation on a mission is read in this order.
        Index("ix_deployment_board", "organisation_id", "mission_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"), index=True)
    rotation_id: Mapped[int | None] = mapped_column(ForeignKey("rotation.id"), index=True)
    # In which unit they go, which need not be the one they serve in at home.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    post: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[Category]
    # The values of `Function`.
    functions: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    cancelled_at: Mapped[datetime | None]
    # Of the form that made it: the same form sent twice makes it once.
    token: Mapped[str | None] = mapped_column(index=True, unique=True)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
    mission: Mapped[Mission] = relationship(lazy="raise")
    rotation: Mapped[Rotation | None] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class DeploymentChange(Base):
    """What was changed of a deployment, by whom and why; nothing of it is ever taken back."""

    __tablename__ = "deployment_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    changed_at: Mapped[datetime]
    # Nobody: an import or a rule did it, which the reason names.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    # {"starts_on": "2027-01-15", …}: the fields that changed, as they were and as they became.
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class PocketCard(Base):
    """A card with the channels of a mission in one language, as PDF.

    It holds nobody's data: all who go on the mission and read that language share it. Other
    channels make another card.
    """

    __tablename__ = "pocket_card"

    # Of what the card says.
    digest: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    content: Mapped[dict[str, Any]]
    wanted_at: Mapped[datetime] = mapped_column(index=True)
    # Nothing until the worker has made it.
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
