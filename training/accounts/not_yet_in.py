"""Whom somebody may let in, and who of them gets a card."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from training.accounts import reach
from training.accounts.code_requests import Holder, Request
from training.accounts.models import CodeRequest, Person, Unit
from training.accounts.services import matching, page_of, within
from training.permissions import Permission, Viewer

CARDS = 300
COLUMNS = (
    Person.id,
    Person.printed_name,
    Person.user_name,
    Person.language,
    Person.start_code_hash,
)
ORDER = (Unit.name.is_(None), Unit.name, Unit.id, Person.sort_name, Person.id)


def people(
    session: Session,
    viewer: Viewer,
    search: str,
    *,
    waiting: bool,
    after: int | None,
    on: date,
) -> list[Person]:
    """Return one page of those whom the viewer may let in, and one more when there is more."""
    query = matching(_reachable(viewer, on), search)
    if waiting:
        query = query.where(Person.password_hash.is_(None))
    return page_of(session, query, after)


def for_cards(
    session: Session,
    request: Request,
    units: Sequence[int],
    *,
    anew: bool,
    on: date,
    by_mail: bool = False,
) -> tuple[list[Holder], bool]:
    """Return those not yet in who get a card, by unit and name, and whether there are more.

    With `by_mail` it is those with an address only. Without `anew` those whose card is still good
    are left out; no units means all. A request that was made before gets those of its people whose
    card is still good.
    """
    again = session.get(CodeRequest, request.token_hash) is not None
    query = _reachable(request.viewer, on).where(Person.password_hash.is_(None))
    if units:
        query = query.where(Person.unit_id.in_(units))
    if by_mail:
        query = query.where(Person.email.is_not(None))
    if not anew and not again:
        until = Person.start_code_expires_at
        query = query.where(or_(until.is_(None), until <= request.at))
    query = query.outerjoin(Unit, Unit.id == Person.unit_id).order_by(*ORDER)
    rows = session.execute(query.with_only_columns(*COLUMNS).limit(None if again else CARDS + 1))
    found = [(Holder(*row[:4]), row[4]) for row in rows]
    if again:
        return [who for who, stored in found if stored == request.given(who).hashed], False
    return [who for who, _ in found[:CARDS]], len(found) > CARDS


def _reachable(viewer: Viewer, on: date) -> Select[Person]:
    scope = within(viewer, Permission.LET_IN)
    return scope.where(Person.is_active, reach.reachable(viewer, on))
