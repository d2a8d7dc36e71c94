"""Organisations, their units and people, and how those people get in."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.orm import Base
from training.permissions import Role


class Category(enum.Enum):
    """Which of the three services a deployee belongs to."""

    MILITARY = "military"
    POLICE = "police"
    CIVILIAN = "civilian"


class RankBand(enum.Enum):
    """How high somebody's rank or grade is, whatever it is called in their organisation."""

    JUNIOR = "junior"  # Soldier, constable, assistant.
    MIDDLE = "middle"  # Non-commissioned officer, sergeant, staff.
    OFFICER = "officer"  # Officer, inspector, professional staff.
    SENIOR = "senior"  # Field and general officer, commissioner, head.


class Organisation(Base):
    """A sending organisation: people, deployments and certificates belong to exactly one."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str] = mapped_column(default="Europe/Amsterdam")
    # Where its people report when their mission has not named its own channels.
    conduct_inside: Mapped[str] = mapped_column(default="")
    conduct_outside: Mapped[str] = mapped_column(default="")
    referral: Mapped[str] = mapped_column(default="")
    gender_adviser: Mapped[str] = mapped_column(default="")
    conduct_checked_on: Mapped[date | None]
    # Who corrects a name, shown to the holder before a certificate is made.
    contact: Mapped[str] = mapped_column(default="")
    # How long answers are kept after their attempt: those changed later on, and the final ones.
    keep_superseded_days: Mapped[int] = mapped_column(default=90, server_default="90")
    keep_answers_months: Mapped[int] = mapped_column(default=24, server_default="24")
    # How long what was earned, and what it rests on, is kept after the last deployment.
    keep_records_years: Mapped[int] = mapped_column(default=7, server_default="7")


class Unit(Base):
    """A part of an organisation; units form a tree."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("organisation_id", "parent_id", "name"),
        # No parent is never equal to no parent, so the units at the top need one of their own.
        Index(
            "uq_unit_top",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]


class Person(Base):
    """Somebody of an organisation; everybody can be a deployee."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "personnel_number"),
        # The list of people is read in this order, by key.
        Index("ix_person_list", "organisation_id", "sort_name", "id"),
        # And so is the list of those whose records end soon.
        Index("ix_person_ending", "organisation_id", "remove_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    user_name: Mapped[str] = mapped_column(unique=True)
    personnel_number: Mapped[str | None]
    printed_name: Mapped[str]
    native_name: Mapped[str | None]
    # Compared by code point on either database: the cluster of PostgreSQL may sort otherwise.
    sort_name: Mapped[str] = mapped_column(
        String().with_variant(String(collation="C"), "postgresql")
    )
    search_tokens: Mapped[str]
    rank: Mapped[str | None]
    rank_band: Mapped[RankBand | None]
    category: Mapped[Category]
    language: Mapped[str] = mapped_column(default="en")
    email: Mapped[str | None]
    password_hash: Mapped[str | None]
    start_code_hash: Mapped[str | None]
    start_code_expires_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    # When they left the organisation; nothing of theirs goes with it but the access.
    left_at: Mapped[datetime | None]
    # The printed name exactly as the holder confirmed it; another name asks again.
    confirmed_name: Mapped[str | None]
    created_at: Mapped[datetime]
    # Who last reset the person's access, by name, shown to them until they dismiss it.
    access_reset_by: Mapped[str | None]
    access_reset_at: Mapped[datetime | None]
    # The other record of the same person, which took everything over; this one stays closed.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # While an account is used, its records are.
    last_signed_in_on: Mapped[date | None]
    # When the records will be removed, written down long enough before to be prevented.
    remove_on: Mapped[date | None]
    # When they were: what is left of the person is this row, without anything that names them.
    removed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class RoleGrant(Base):
    """A role of a person within an organisation, or on the whole platform, until a day.

    Who commands a unit holds the role for that unit.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organisation_id"),
        CheckConstraint("(role = 'commander') = (unit_id IS NOT NULL)", name="unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    ends_on: Mapped[date | None]


class Transfer(Base):
    """A code by which a person goes over to another organisation, once."""

    __tablename__ = "transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Set when it was used, or when a newer one took its place.
    ended_at: Mapped[datetime | None]
    to_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class SignInSession(Base):
    """One signed-in browser; only a hash of its token is kept."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    own_device: Mapped[bool] = mapped_column(default=False)
    # The family of the browser, e.g. Firefox; nothing else of what it says about itself is kept.
    browser: Mapped[str | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # When the second step was passed; people with a role can do nothing before.
    second_step_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SecondFactor(Base):
    """The authenticator of a person with a role."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # With the installation's key it gives the shared secret, which is kept nowhere.
    salt: Mapped[str]
    # The number of the half minute whose code was used last; no code is taken twice.
    last_step: Mapped[int]
    set_up_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the authenticator once; only a keyed hash of it is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class CodeRequest(Base):
    """One request for start codes, so that the same request twice makes them once."""

    __tablename__ = "code_request"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)


class HeldForm(Base):
    """A form posted after its session had ended, kept until the same person is back."""

    __tablename__ = "held_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    path: Mapped[str]
    fields: Mapped[list[list[str]]]
    held_at: Mapped[datetime] = mapped_column(index=True)


class Throttle(Base):
    """How often something was tried in vain, and when it may be tried again."""

    __tablename__ = "throttle"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    # When it last went well; kept for accounts at an address only.
    succeeded_at: Mapped[datetime | None]
