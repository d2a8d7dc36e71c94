"""What was merged, with what it takes to undo it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from training.orm import Base


class MergeRecord(Base):
    """One record of a person that went into another one."""

    __tablename__ = "merge_record"
    __table_args__ = (
        CheckConstraint("kept_id <> gone_id", name="two"),
        Index(
            "uq_merge_record_gone",
            "gone_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_at: Mapped[datetime]
    was_active: Mapped[bool]
    # Feature -> the ids that moved, as that feature wants them back.
    moved: Mapped[dict[str, Any]]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
