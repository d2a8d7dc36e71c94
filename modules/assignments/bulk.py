"""Acts on many assignments at once, kept so that the last one can be undone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment, BulkAction, BulkKind
from training.permissions import Viewer


def keep(
    session: Session,
    viewer: Viewer,
    kind: BulkKind,
    changed: Sequence[Assignment],
    before: Mapping[int, date | None],
    due_on: date | None,
    *,
    at: datetime,
) -> BulkAction:
    """Keep what an act did; `before` has the old due dates, and not what was made by the act."""
    action = BulkAction(
        actor_id=viewer.person_id,
        kind=kind,
        due_on=due_on,
        changes=[
            {"id": a.id, "made": a.id not in before, "before": written(before.get(a.id))}
            for a in changed
        ],
        done_at=at,
    )
    session.add(action)
    session.flush()
    return action


def last_of(session: Session, person_id: int) -> BulkAction | None:
    """Return the last act of a person when it is not undone yet."""
    query = select(BulkAction).where(BulkAction.actor_id == person_id)
    last = session.scalars(query.order_by(BulkAction.id.desc()).limit(1)).first()
    return last if last is not None and last.undone_at is None else None


def written(day: date | None) -> str | None:
    """Return a due date as it is kept in records."""
    return day.isoformat() if day else None
