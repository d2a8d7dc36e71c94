"""Acts on a selection: later due dates, and undoing. Each runs in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from modules.assignments import bulk
from modules.assignments.models import Assignment, BulkAction, BulkKind
from modules.learning.models import Reading
from quizzes.attempts.models import Attempt
from training import audit
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import DomainError, Forbidden, Invalid, NotFound
from training.permissions import Permission, Viewer

Shown = Mapping[int, date | None]  # By assignment, the due date that the page had shown.


class NotUndoable(DomainError):
    """An act that cannot be taken back any more."""


@dataclass(frozen=True)
class Extended:
    """What came of setting a due date: how many were set, or whose had changed meanwhile."""

    changed: int
    finished: int  # Those that are done need no other date.
    meanwhile: Sequence[Assignment]


def chosen(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[Assignment]:
    """Return assignments with their people. Raises `NotFound` for any the viewer may not change."""
    return _held(session, viewer, ids, lock=False)


def extend(
    session: Session, viewer: Viewer, shown: Shown, due_on: date, *, today: date, at: datetime
) -> Extended:
    """Set one due date for a selection, or nothing at all when a date had changed meanwhile.

    Raises `Invalid` for a day that is past and `Forbidden` for one's own due date.
    """
    if due_on < today:
        raise Invalid("due_on", "Please choose today or a later day.")
    found = _held(session, viewer, list(shown), lock=True)
    if any(a.person_id == viewer.person_id for a in found):
        raise Forbidden("You cannot change your own due date. Ask another trainer.")
    open_ = [a for a in found if a.completed_at is None]
    finished = len(found) - len(open_)
    if meanwhile := [a for a in open_ if a.due_on != shown[a.id]]:
        return Extended(0, finished, meanwhile)
    before = {a.id: a.due_on for a in open_}
    for assignment in open_:
        assignment.due_on = due_on
        # A rule moves no date that somebody has set.
        assignment.assigned_by_id = assignment.assigned_by_id or viewer.person_id
        _record(session, viewer, "assignment.extended", assignment, before[assignment.id], at)
    if open_:
        bulk.keep(session, viewer, BulkKind.EXTEND, open_, before, due_on, at=at)
    return Extended(len(open_), finished, ())


def undo(session: Session, viewer: Viewer, action_id: int, *, at: datetime) -> None:
    """Take back one's own last act; taking it back again changes nothing.

    Raises `NotUndoable` when somebody has begun, and when something newer came after it.
    """
    query = select(BulkAction).where(
        BulkAction.id == action_id, BulkAction.actor_id == viewer.person_id
    )
    action = session.scalars(query.with_for_update()).first()
    if action is None:
        raise NotFound("There is nothing of yours to undo here.")
    if action.undone_at is not None:
        return
    last = bulk.last_of(session, viewer.person_id)
    if last is None or last.id != action.id:
        raise NotUndoable("Only what you did last can be undone.")
    _take_back(session, viewer, action, at)
    action.undone_at = at
    audit.record(session, "bulk.undone", "bulk_action", action.id, actor_id=viewer.person_id, at=at)


def _take_back(session: Session, viewer: Viewer, action: BulkAction, at: datetime) -> None:
    old = {change["id"]: change for change in action.changes}
    found = _held(session, viewer, list(old), lock=True)
    made = [a for a in found if old[a.id]["made"]]
    if _begun(session, list(old), [a.id for a in made], action.done_at):
        raise NotUndoable("Somebody has begun since. Change the due dates instead.")
    if any(a.due_on != action.due_on for a in found):
        raise NotUndoable("A due date was changed since, so nothing was undone.")
    for assignment in found:
        if not old[assignment.id]["made"]:
            before, now = old[assignment.id]["before"], assignment.due_on
            assignment.due_on = date.fromisoformat(before) if before else None
            _record(session, viewer, "assignment.extended", assignment, now, at)
    for assignment in made:
        _record(session, viewer, "assignment.unmade", assignment, assignment.due_on, at)
    session.execute(delete(Assignment).where(Assignment.id.in_([a.id for a in made])))


def _begun(session: Session, ids: Sequence[int], made: Sequence[int], since: datetime) -> bool:
    """Tell whether anybody did anything in these assignments since the act."""
    read = select(Reading.id).where(
        Reading.assignment_id.in_(ids),
        or_(Reading.assignment_id.in_(made), Reading.read_at >= since),
    )
    tried = select(Attempt.id).where(
        Attempt.assignment_id.in_(ids),
        or_(Attempt.started_at >= since, Attempt.finished_at >= since),
    )
    done = select(Assignment.id).where(Assignment.id.in_(ids), Assignment.completed_at >= since)
    return any(session.scalar(query.limit(1)) is not None for query in (read, tried, done))


def _held(session: Session, viewer: Viewer, ids: Sequence[int], *, lock: bool) -> list[Assignment]:
    people = within(viewer, Permission.ASSIGN).with_only_columns(Person.id)
    query = (
        select(Assignment)
        .where(Assignment.id.in_(ids), Assignment.person_id.in_(people))
        .options(joinedload(Assignment.person))
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(of=Assignment)
    found = list(session.scalars(query))
    if len(found) != len(set(ids)):
        raise NotFound("Not all of these assignments are yours to change. Reload the list.")
    return found


def _record(
    session: Session,
    viewer: Viewer,
    action: str,
    assignment: Assignment,
    before: date | None,
    at: datetime,
) -> None:
    audit.record(
        session,
        action,
        "assignment",
        assignment.id,
        actor_id=viewer.person_id,
        at=at,
        before=bulk.written(before),
        due_on=bulk.written(assignment.due_on),
    )
