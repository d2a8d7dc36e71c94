"""The rows that were set aside, until somebody has done or dismissed them."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from training import audit
from training.errors import Invalid, NotFound
from training.imports.models import SetAside
from training.imports.services import organisation_of
from training.imports.subjects import Subject
from training.permissions import Viewer

PAGE = 50
ENDS = ("done", "dismissed")


def listed(session: Session, viewer: Viewer, subject: Subject, after: int | None) -> list[SetAside]:
    """Return one page of what is left to do, the oldest first, and one more."""
    query = select(SetAside).where(*_own(viewer, subject))
    if after is not None:
        query = query.where(SetAside.id > after)
    return list(session.scalars(query.order_by(SetAside.id).limit(PAGE + 1)))


def counted(session: Session, viewer: Viewer, subject: Subject) -> int:
    """Return how many rows are left to do."""
    return session.scalar(select(func.count()).where(*_own(viewer, subject))) or 0


def _own(viewer: Viewer, subject: Subject) -> tuple[ColumnElement[bool], ...]:
    home = organisation_of(viewer, subject)
    return SetAside.organisation_id == home, SetAside.about == subject.about


def newest(session: Session, viewer: Viewer, subject: Subject) -> int:
    """Return the id of the row that came last, 0 when there is none."""
    return session.scalar(select(func.max(SetAside.id)).where(*_own(viewer, subject))) or 0


def dismiss_all(
    session: Session, viewer: Viewer, subject: Subject, upto: int, *, at: datetime
) -> int:
    """Take every row off the list up to the newest that was there to be seen; return how many."""
    gone = delete(SetAside).where(*_own(viewer, subject), SetAside.id <= upto)
    number = len(session.scalars(gone.returning(SetAside.id)).all())
    if number:
        audit.record(
            session,
            "import_rows.dismissed",
            "organisation",
            organisation_of(viewer, subject),
            actor_id=viewer.person_id,
            at=at,
            rows=number,
        )
    return number


def close(
    session: Session, viewer: Viewer, subject: Subject, row_id: int, end: str, *, at: datetime
) -> None:
    """Take a row off the list because it is done or dismissed; its cells are forgotten."""
    if end not in ENDS:
        raise Invalid("end", "There is no such choice.")
    query = select(SetAside).where(SetAside.id == row_id, *_own(viewer, subject))
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        raise NotFound("There is no such row. Somebody may have done it already.")
    session.delete(row)
    audit.record(
        session, f"import_row.{end}", "import_row", row_id, actor_id=viewer.person_id, at=at
    )
