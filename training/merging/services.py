"""Merging two records of one person, and undoing it; in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from training import audit
from training.accounts import sessions
from training.accounts.models import Person, RoleGrant, Transfer
from training.accounts.services import managed, people
from training.errors import DomainError, Forbidden, NotFound, spoken
from training.handover import Merge, Moving
from training.merging.models import MergeRecord
from training.permissions import Viewer

UNDO_FOR = timedelta(days=30)
SAME = spoken("These are the same record.")
OWN = spoken("You cannot merge your own record. Ask another administrator.")
MERGED = spoken("One of these records has been merged already.")
ROLES = spoken("The record that would go has a role. Take it away first.")
# Name of a feature -> how it hands over.
Merges = Mapping[str, Merge]


class CannotMerge(DomainError):
    """Something stands in the way of merging these two records, or of undoing it."""


def candidates(session: Session, viewer: Viewer, person_id: int, typed: str) -> list[Person]:
    """Return who could be the same person, by name, user name or number."""
    subject = managed(session, viewer, person_id)
    found = people(session, viewer, typed, None) if typed.strip() else []
    return [
        person
        for person in found
        if person.id != subject.id
        and person.organisation_id == subject.organisation_id
        and person.merged_into_id is None
    ]


def preview(
    session: Session, viewer: Viewer, kept_id: int, gone_id: int, merges: Merges
) -> tuple[Person, Person, list[Moving]]:
    """Return both records, and what each feature says would happen."""
    kept, gone = managed(session, viewer, kept_id), managed(session, viewer, gone_id)
    refusals = _refusals(session, viewer, kept, gone)
    said = [Moving(refusals=refusals)]
    if not refusals:
        said += [merge.preview(session, kept_id, gone_id) for merge in merges.values()]
    return kept, gone, said


def merge(
    session: Session, viewer: Viewer, kept_id: int, gone_id: int, merges: Merges, *, at: datetime
) -> None:
    """Let one record take everything of the other over; the same again changes nothing.

    Raises `NotFound` for a record out of scope, `Forbidden` for one's own, and `CannotMerge`
    with what stands in the way.
    """
    kept, gone = _both(session, viewer, kept_id, gone_id)
    if gone.merged_into_id == kept.id and gone.id != kept.id:
        return
    if viewer.person_id in {kept.id, gone.id}:
        raise Forbidden(OWN)
    _refuse(_refusals(session, viewer, kept, gone))
    for each in merges.values():
        _refuse(each.preview(session, kept_id, gone_id).refusals)
    record = MergeRecord(
        kept_id=kept_id,
        gone_id=gone_id,
        merged_by_id=viewer.person_id,
        merged_at=at,
        was_active=gone.is_active,
        moved=_moved(session, kept_id, gone_id, merges),
    )
    session.add(record)
    _close(session, gone, kept_id, at)
    audit.record(
        session, "person.merged", "person", gone_id, actor_id=viewer.person_id, at=at, into=kept_id
    )


def _moved(session: Session, kept_id: int, gone_id: int, merges: Merges) -> dict[str, object]:
    moving = {name: each.move for name, each in merges.items() if each.move is not None}
    return {name: move(session, kept_id, gone_id) for name, move in moving.items()}


def _close(session: Session, gone: Person, kept_id: int, at: datetime) -> None:
    gone.merged_into_id, gone.is_active = kept_id, False
    gone.remove_on = None  # After an undo the notice begins anew.
    sessions.end_all(session, gone.id, at=at)
    codes = update(Transfer).where(Transfer.person_id == gone.id, Transfer.ended_at.is_(None))
    session.execute(codes.values(ended_at=at))
    session.flush()


def of_person(session: Session, person_id: int) -> list[MergeRecord]:
    """Return the merges a record took part in which have not been undone, the newest first."""
    either = or_(MergeRecord.kept_id == person_id, MergeRecord.gone_id == person_id)
    query = select(MergeRecord).where(either, MergeRecord.undone_at.is_(None))
    return list(session.scalars(query.order_by(MergeRecord.id.desc())))


def shown(session: Session, viewer: Viewer, merge_id: int) -> tuple[MergeRecord, Person, Person]:
    """Return a merge with both records. Raises `NotFound` out of scope, and once it was undone."""
    record = session.get(MergeRecord, merge_id, populate_existing=True)
    if record is None or record.undone_at is not None:
        raise NotFound("There is no such merge.")
    kept, gone = (managed(session, viewer, i) for i in (record.kept_id, record.gone_id))
    return record, kept, gone


def undo(
    session: Session, viewer: Viewer, merge_id: int, merges: Merges, *, at: datetime
) -> MergeRecord:
    """Give everything back that moved; what was earned since stays where it is.

    Raises `CannotMerge` after thirty days, and while the record that stayed is merged itself.
    """
    record, kept, gone = shown(session, viewer, merge_id)
    kept, gone = _both(session, viewer, kept.id, gone.id)
    record = session.get_one(MergeRecord, merge_id, with_for_update=True, populate_existing=True)
    if record.undone_at is not None:
        return record
    if viewer.person_id in {kept.id, gone.id}:
        raise Forbidden(OWN)
    if record.merged_at + UNDO_FOR < at:
        raise CannotMerge("The thirty days in which this could be undone are over.")
    if kept.merged_into_id is not None:
        raise CannotMerge("The record that stayed was merged itself. Undo that first.")
    for name, moved in record.moved.items():
        give_back = merges[name].undo if name in merges else None
        if give_back is not None:
            give_back(session, kept.id, gone.id, moved, record.merged_at)
    gone.merged_into_id, gone.is_active = None, record.was_active
    record.undone_by_id, record.undone_at = viewer.person_id, at
    audit.record(
        session, "person.merge_undone", "person", gone.id, actor_id=viewer.person_id, at=at
    )
    return record


def _both(session: Session, viewer: Viewer, kept_id: int, gone_id: int) -> tuple[Person, Person]:
    # In the order of their ids, so that two who merge them either way wait for each other once.
    # Rows may be added below a person meanwhile (`key_share`): whoever hands in has the
    # assignment and adds a certificate.
    both = select(Person).where(Person.id.in_((kept_id, gone_id))).order_by(Person.id)
    held = both.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.scalars(held).all()
    return managed(session, viewer, kept_id), managed(session, viewer, gone_id)


def _refusals(session: Session, viewer: Viewer, kept: Person, gone: Person) -> Sequence[str]:
    if kept.id == gone.id:
        return (SAME,)
    if kept.organisation_id != gone.organisation_id:
        raise NotFound("There is no such person.")
    roles = select(func.count()).where(RoleGrant.person_id == gone.id)
    reasons = (
        (viewer.person_id in {kept.id, gone.id}, OWN),
        (kept.merged_into_id is not None or gone.merged_into_id is not None, MERGED),
        (bool(session.scalar(roles)), ROLES),
    )
    return tuple(reason for applies, reason in reasons if applies)


def _refuse(refusals: Iterable[str]) -> None:
    for reason in refusals:
        raise CannotMerge(reason)


def half_merged(session: Session) -> list[str]:
    """Return a sentence for each record that is neither merged nor apart."""
    undone = MergeRecord.undone_at.is_not(None)
    rows = session.execute(select(MergeRecord.gone_id, MergeRecord.kept_id).where(~undone))
    noted = {row[0]: row[1] for row in rows}
    merged = select(Person).where(Person.merged_into_id.is_not(None)).order_by(Person.id)
    found = {person.id: person for person in session.scalars(merged)}
    return [
        *(f"Person {i} should be merged and is not." for i in sorted(set(noted) - set(found))),
        *(
            f"Person {i} is merged otherwise than was noted."
            for i, person in found.items()
            if noted.get(i) != person.merged_into_id
        ),
        *(f"Person {i} is merged and can sign in." for i, p in found.items() if p.is_active),
    ]
