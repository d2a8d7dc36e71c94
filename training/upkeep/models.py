"""When something that recurs last happened."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from training.orm import Base


class Milestone(Base):
    """The last time of something that is done again and again, such as a backup."""

    __tablename__ = "milestone"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]
