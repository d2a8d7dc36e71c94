"""Certificates: a frozen account of a completion, and its documents as they were issued."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.register.component import Component, component_of
from modules.learning.models import Completion
from training.orm import Base


class Certificate(Base):
    """The paper of a completion. Once issued nothing that it says changes.

    It is made in the transaction of the pass, with its number and code. The name is frozen when
    the holder has confirmed it; `issued_at` is that instant.
    """

    __tablename__ = "certificate"
    # Whether the holder has a newer one is asked of thousands at once.
    __table_args__ = (Index("ix_certificate_holder", "person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None, as the person is, once their records were removed: the paper itself stays as issued.
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    holder_name: Mapped[str | None]
    native_name: Mapped[str | None]
    rank: Mapped[str | None]
    course_title: Mapped[dict[str, str]]
    version: Mapped[str]
    minutes: Mapped[int]
    module_titles: Mapped[list[dict[str, str]]]
    partial: Mapped[bool]
    organisation: Mapped[str]
    # Whose HR may open the document; the name above is what is printed, whatever becomes of it.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    approved_by: Mapped[str | None]
    approved_on: Mapped[date | None]
    achieved_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    # [{"component": "conduct", "title": {…}, "valid_until": "2027-11-24"}, …]
    components: Mapped[list[dict[str, Any]]]
    demonstration: Mapped[bool]
    issued_at: Mapped[datetime | None] = mapped_column(index=True)

    completion: Mapped[Completion | None] = relationship(lazy="raise")
    documents: Mapped[list["Document"]] = relationship(lazy="raise")
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        lazy="raise", foreign_keys="Withdrawal.certificate_id"
    )

    @property
    def parts(self) -> tuple[Component, ...]:
        """Return what can expire sooner than the whole."""
        return tuple(component_of(kept) for kept in self.components)

    @property
    def confirmation(self) -> tuple[datetime | None, str | None, str | None, str | None]:
        """Return what the confirmation of the name froze: a document says this or nothing."""
        return self.issued_at, self.holder_name, self.native_name, self.rank


class Withdrawal(Base):
    """A certificate that no longer counts, with a reason that is never public."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), unique=True)
    # Set when a corrected certificate took its place.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    reason: Mapped[str]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime]


class DocumentState(enum.Enum):
    """How far a document has come."""

    WANTED = "wanted"
    READY = "ready"
    BLOCKED = "blocked"


class Document(Base):
    """A certificate as PDF in one language: wanted, then made once and served as it is."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("certificate_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    language: Mapped[str]
    state: Mapped[DocumentState] = mapped_column(index=True)
    wanted_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    reason: Mapped[str | None]
    remedy: Mapped[str | None]

    certificate: Mapped[Certificate] = relationship(lazy="raise", back_populates="documents")


class DocumentContent(Base):
    """The bytes of a document, in a table of their own so that lists never load them."""

    __tablename__ = "document_content"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
