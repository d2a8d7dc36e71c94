"""Imports under way, and the rows that were set aside."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.orm import Base


class About(enum.Enum):
    """What a list is about."""

    PEOPLE = "people"
    ROSTER = "roster"


class UploadState(enum.Enum):
    """How far an import has come."""

    OPEN = "open"
    APPLYING = "applying"
    DONE = "done"


class Upload(Base):
    """A list that was sent in, with what was decided about it, for a day at most."""

    __tablename__ = "import_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    about: Mapped[About] = mapped_column(default=About.PEOPLE, server_default=About.PEOPLE.value)
    # Whose import it is: of who sent the list in, and then of who has it taken over.
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[UploadState] = mapped_column(default=UploadState.OPEN, index=True)
    sheet: Mapped[int] = mapped_column(default=0)
    # Field -> number of its column; empty until it was chosen.
    mapping: Mapped[dict[str, str]] = mapped_column(default=dict)
    # What holds for every row: category and language of new people, whether units are made;
    # of a roster the mission and rotation as well.
    choices: Mapped[dict[str, str]] = mapped_column(default=dict)
    # Row -> aside, same or other.
    decisions: Mapped[dict[str, str]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
    # The last row that was taken over.
    reached: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)


class UploadContent(Base):
    """The tables of a list, packed, in a table of their own so that lists never load them."""

    __tablename__ = "import_content"

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("import_upload.id", ondelete="CASCADE"), primary_key=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportedPerson(Base):
    """Somebody an import under way has added or changed; new ones open at its end, together."""

    __tablename__ = "import_person"

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("import_upload.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    created: Mapped[bool]
    fields: Mapped[list[str]]


class SetAside(Base):
    """A row that was left out on purpose, with its reason, until it is done or dismissed."""

    __tablename__ = "import_set_aside"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    about: Mapped[About] = mapped_column(default=About.PEOPLE, server_default=About.PEOPLE.value)
    # Of the cells: the same row set aside again is the same thing to do.
    digest: Mapped[str]
    row: Mapped[int]
    cells: Mapped[dict[str, str]]
    field: Mapped[str]
    reason: Mapped[str]
    set_aside_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_aside_at: Mapped[datetime]


class KnownColumn(Base):
    """What a header means in the lists of an organisation, as somebody said when they sent one."""

    __tablename__ = "import_column"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    about: Mapped[About] = mapped_column(primary_key=True)
    # Folded as names are, so that another spelling is the same header.
    header: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str]
