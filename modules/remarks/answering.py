"""What authors do with remarks. Each function runs inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from modules.remarks.models import ContentRemark, Kind, State, Subject
from modules.remarks.services import PAGE, AlreadyClosed
from training import audit
from training.accounts.models import Person
from training.errors import Forbidden, NotFound
from training.permissions import Permission, Viewer


@dataclass(frozen=True)
class Filter:
    """Which remarks are wanted; none of a field means all of them."""

    state: State | None = State.OPEN
    subject: Subject | None = None
    kind: Kind | None = None

    def chosen(self) -> dict[str, State | Subject | Kind]:
        """Return the fields of which one value is wanted."""
        fields = {"state": self.state, "subject": self.subject, "kind": self.kind}
        return {name: value for name, value in fields.items() if value}


def listed(
    session: Session, viewer: Viewer, wanted: Filter, before: int | None
) -> list[ContentRemark]:
    """Return one page of remarks, the newest first, and one more when there is a next page."""
    query = _matching(viewer, wanted)
    if before is not None:
        query = query.where(ContentRemark.id < before)
    return list(session.scalars(query.limit(PAGE + 1)))


def export(session: Session, viewer: Viewer, wanted: Filter) -> Iterable[ContentRemark]:
    """Return every remark that fits, the newest first, a hundred at a time."""
    query = _matching(viewer, wanted).execution_options(yield_per=100)
    return session.scalars(query)


def record_export(session: Session, viewer: Viewer, wanted: Filter, *, at: datetime) -> None:
    """Write down that remarks are exported, before they are."""
    actor, action = viewer.person_id, "remarks.exported"
    chosen = {name: value.value for name, value in wanted.chosen().items()}
    audit.record(session, action, "remark", None, actor_id=actor, at=at, wanted=chosen)


def one(session: Session, viewer: Viewer, remark_id: int, *, lock: bool = False) -> ContentRemark:
    """Return a remark in the viewer's scope. Raises `NotFound` for any other."""
    query = _in_scope(viewer).where(ContentRemark.id == remark_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    remark = session.scalars(query).first()
    if remark is None:
        raise NotFound("There is no such remark.")
    return remark


def close(
    session: Session,
    viewer: Viewer,
    remark_id: int,
    state: State,
    answer: str,
    *,
    erase: bool = False,
    at: datetime,
) -> None:
    """Answer or dismiss a remark, once; with `erase` its words are taken away.

    Raises `NotFound` out of scope, `Forbidden` for one's own, `AlreadyClosed` when another
    author was quicker.
    """
    remark = one(session, viewer, remark_id, lock=True)
    if remark.person_id == viewer.person_id:
        raise Forbidden("You cannot answer your own remark. Another author does that.")
    if remark.state is not State.OPEN:
        if (remark.state, remark.answer, remark.answered_by_id) == (
            state,
            answer,
            viewer.person_id,
        ):
            return
        raise AlreadyClosed("This remark has been answered already.")
    remark.state, remark.answer = state, answer
    remark.answered_by_id, remark.answered_at = viewer.person_id, at
    if erase:
        remark.text = ""
    done = f"remark.{state.value}"
    audit.record(session, done, "remark", remark.id, actor_id=viewer.person_id, at=at, erased=erase)


def _matching(viewer: Viewer, wanted: Filter) -> Select[ContentRemark]:
    query = _in_scope(viewer).filter_by(**wanted.chosen())
    return query.order_by(ContentRemark.id.desc())


def _in_scope(viewer: Viewer) -> Select[ContentRemark]:
    query = select(ContentRemark)
    organisations = viewer.organisations(Permission.AUTHOR_CONTENT)
    if organisations is None:
        return query
    people = select(Person.id).where(Person.organisation_id.in_(organisations))
    return query.where(ContentRemark.person_id.in_(people))
