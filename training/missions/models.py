"""Missions, and who goes on them when."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.accounts.models import Category
from training.orm import Base


class Framework(enum.Enum):
    """Under whose authority a mission is carried out."""

    UN = "un"
    EU = "eu"
    NATO = "nato"
    OSCE = "osce"
    NATIONAL = "national"


class Mission(Base):
    """A mission, with the channels that its people are shown in the lessons."""

    __tablename__ = "mission"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    framework: Mapped[Framework]
    host_country: Mapped[str]
    conduct_inside: Mapped[str]
    conduct_outside: Mapped[str]
    referral: Mapped[str] = mapped_column(default="")
    gender_adviser: Mapped[str] = mapped_column(default="")
    conduct_checked_on: Mapped[date]


class Deployment(Base):
    """One person on one mission from a first to a last day."""

    __tablename__ = "deployment"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"), index=True)
    category: Mapped[Category]
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]

    mission: Mapped[Mission] = relationship(lazy="raise")
