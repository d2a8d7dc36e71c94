"""Requests for a correction: asked by a person, answered by somebody else. No web."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from training import audit
from training.accounts.models import Person
from training.errors import DomainError, Forbidden, Invalid, NotFound, spoken
from training.kept.models import About, CorrectionRequest, Outcome
from training.permissions import Permission, Viewer

PAGE = 50
MOST_WAITING = 5
OWN = spoken("You cannot answer your own request. Ask a colleague.")


class AlreadyAnswered(DomainError):
    """Somebody was quicker."""


def of_person(session: Session, person_id: int) -> list[CorrectionRequest]:
    """Return a person's own requests, the newest first."""
    query = select(CorrectionRequest).where(CorrectionRequest.person_id == person_id)
    return list(session.scalars(query.order_by(CorrectionRequest.id.desc())))


def ask(
    session: Session,
    person_id: int,
    about: About,
    wrong: str,
    should_be: str,
    token: str,
    *,
    at: datetime,
) -> CorrectionRequest:
    """Ask for a correction; the same form twice asks once. Raises `Invalid` when many wait."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    own = select(CorrectionRequest).where(CorrectionRequest.person_id == person_id)
    found = session.scalars(own.where(CorrectionRequest.token == token)).first()
    if found is not None:
        return found
    waiting = own.where(CorrectionRequest.answered_at.is_(None)).subquery()
    if (session.scalar(select(func.count()).select_from(waiting)) or 0) >= MOST_WAITING:
        raise Invalid("wrong", "Five requests of yours are waiting. Wait until one is answered.")
    request = CorrectionRequest(
        person_id=person_id, token=token, about=about, wrong=wrong, should_be=should_be, asked_at=at
    )
    session.add(request)
    session.flush()
    _record(session, "correction.asked", request, person_id, at)
    return request


def waiting(session: Session, viewer: Viewer, after: int | None) -> list[CorrectionRequest]:
    """Return one page of unanswered requests, the oldest first, and one more if there is."""
    query = _seen(viewer).where(CorrectionRequest.answered_at.is_(None))
    if after is not None:
        query = query.where(CorrectionRequest.id > after)
    return list(session.scalars(query.order_by(CorrectionRequest.id).limit(PAGE + 1)))


def shown(
    session: Session, viewer: Viewer, request_id: int, *, lock: bool = False
) -> CorrectionRequest:
    """Return a request the viewer may answer. Raises `NotFound` for any other."""
    query = _seen(viewer).where(CorrectionRequest.id == request_id)
    if lock:
        query = query.with_for_update(of=CorrectionRequest)
    request = session.scalars(query.execution_options(populate_existing=lock)).first()
    if request is None:
        raise NotFound("There is no such request.")
    return request


def answer(
    session: Session,
    viewer: Viewer,
    request_id: int,
    outcome: Outcome,
    words: str,
    *,
    at: datetime,
) -> None:
    """Say what became of a request; by the same person twice it is said once.

    Raises `Forbidden` for one's own, `Invalid` for a refusal without a reason, and
    `AlreadyAnswered` when a colleague was quicker.
    """
    request = shown(session, viewer, request_id, lock=True)
    if request.person_id == viewer.person_id:
        raise Forbidden(OWN)
    if outcome is Outcome.REFUSED and not words:
        raise Invalid("answer", "Please give the reason.")
    if request.answered_at is not None:
        if (request.answered_by_id, request.outcome) == (viewer.person_id, outcome):
            return
        raise AlreadyAnswered("This request has been answered already.")
    request.outcome, request.answer = outcome, words
    request.answered_by_id, request.answered_at = viewer.person_id, at
    _record(session, f"correction.{outcome.value}", request, viewer.person_id, at)


def _seen(viewer: Viewer) -> Select[CorrectionRequest]:
    """Return the query of what a viewer may see: HR only what is about certificates."""
    managed = _within(viewer, Permission.MANAGE_PEOPLE)
    read = _within(viewer, Permission.READ_RECORDS)
    papers = and_(read, CorrectionRequest.about == About.CERTIFICATE)
    query = select(CorrectionRequest).join(CorrectionRequest.person)
    return query.where(or_(managed, papers)).options(contains_eager(CorrectionRequest.person))


def _within(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    organisations = viewer.organisations(permission)
    return true() if organisations is None else Person.organisation_id.in_(organisations)


def _record(
    session: Session, action: str, request: CorrectionRequest, actor_id: int, at: datetime
) -> None:
    audit.record(session, action, "person", request.person_id, actor_id=actor_id, at=at)
