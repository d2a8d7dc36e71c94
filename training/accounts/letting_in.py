"""Start codes: for one person in the room, or for everybody not yet in, on cards.

Codes are derived and hashed before the transaction; each function runs in the caller's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts import codes, reach, sessions
from training.accounts.code_requests import Given, Request
from training.accounts.models import CodeRequest, Person, RoleGrant, SignInSession
from training.accounts.services import within
from training.errors import DomainError, Forbidden, NotFound
from training.orm import insert_once
from training.permissions import Permission, Viewer


class CodeUsed(DomainError):
    """The same request came again after its code had been used or replaced."""


def person_to_let_in(
    session: Session, viewer: Viewer, person_id: int, *, at: datetime, lock: bool = False
) -> Person:
    """Return a person to give access to. Raises `NotFound` out of scope, else `Forbidden`."""
    query = within(viewer, Permission.LET_IN).where(Person.id == person_id, Person.is_active)
    if lock:
        query = query.with_for_update(of=Person).execution_options(populate_existing=True)
    person = session.scalars(query.options(joinedload(Person.organisation))).first()
    if person is None:
        raise NotFound("There is no such person.")
    rows = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id))
    grants = reach.held(rows, at, person.organisation.time_zone)
    if reason := reach.refusal(viewer, person.id, grants):
        raise Forbidden(reason)
    return person


def reset(session: Session, request: Request, given: Given, made_by: str) -> None:
    """Give one person a start code; password and sessions end, and who had access is told by whom.

    Raises `CodeUsed` when this request's code was used or replaced meanwhile.
    """
    viewer, at = request.viewer, request.at
    person = person_to_let_in(session, viewer, given.person.id, at=at, lock=True)
    if not _first_time(session, request):
        if person.start_code_hash != given.hashed:
            raise CodeUsed("This start code has been used or replaced meanwhile.")
        return
    if person.password_hash is not None or person.last_signed_in_on is not None:
        # Whoever has never been in had nothing that could be taken over.
        person.access_reset_by, person.access_reset_at = made_by, at
    person.password_hash = None
    person.start_code_hash = given.hashed
    person.start_code_expires_at = at + codes.START_CODE_FOR
    sessions.end_all(session, person.id, at=at)
    audit.record(session, "start_code.made", "person", person.id, actor_id=viewer.person_id, at=at)


def give_cards(
    session: Session,
    request: Request,
    cards: Sequence[Given],
    unit_id: int | None,
    *,
    by_mail: bool = False,
) -> list[Given]:
    """Make the codes of a print or of a round of mail and return the cards that hold.

    Who chose a password meanwhile gets none. The same request again returns what is still good.
    """
    first = _first_time(session, request)
    chosen = select(Person.id, Person.start_code_hash).where(
        Person.id.in_([card.person.id for card in cards]),
        Person.password_hash.is_(None),
        Person.is_active,
    )
    rows = session.execute(chosen.order_by(Person.id).with_for_update())
    stored = {person_id: hashed for person_id, hashed in rows}  # noqa: C416 - a row is no pair
    kept = [c for c in cards if c.person.id in stored]
    if not first:
        return [card for card in kept if stored[card.person.id] == card.hashed]
    _store(session, kept, request.at)
    audit.record(
        session,
        "start_cards.mailed" if by_mail else "start_cards.printed",
        "unit",
        unit_id,
        actor_id=request.viewer.person_id,
        at=request.at,
        cards=len(kept),
    )
    return kept


def _store(session: Session, cards: Sequence[Given], at: datetime) -> None:
    until = at + codes.START_CODE_FOR
    rows = [
        {"id": c.person.id, "start_code_hash": c.hashed, "start_code_expires_at": until}
        for c in cards
    ]
    if not rows:
        return
    session.execute(update(Person), rows)
    # Somebody may be in with the earlier code and about to choose a password.
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id.in_([row["id"] for row in rows]),
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def _first_time(session: Session, request: Request) -> bool:
    # The same request twice at once: the second waits here until the first is written.
    row = {"token_hash": request.token_hash, "made_at": request.at}
    query = insert_once(session, CodeRequest).values(row)
    made = session.execute(query.returning(CodeRequest.token_hash))
    return made.first() is not None


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget requests whose codes have all expired."""
    session.execute(delete(CodeRequest).where(CodeRequest.made_at < at - codes.START_CODE_FOR))
