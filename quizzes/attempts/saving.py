"""Saving one answer: what a test does most, so it reads and writes that one row alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select
from sqlalchemy.orm import Session

from quizzes.attempts.models import Attempt, Item, Response, Status
from quizzes.attempts.services import NotOpen, hold
from quizzes.attempts.sheets import NEWEST
from quizzes.bank.models import Kind
from quizzes.bank.services import bank_of
from training.errors import Invalid, NotFound
from training.orm import table

_ATTEMPT, _ITEM, _RESPONSE = table(Attempt), table(Item), table(Response)
_ASKED = and_(
    _ITEM.c.attempt_id == _ATTEMPT.c.id,
    _ITEM.c.round == _ATTEMPT.c.round,
    _ITEM.c.position == bindparam("position"),
)
# An attempt, and the question asked at a position in its present round, if there is one.
_PLACE = (
    select(
        *_ATTEMPT.c["status", "round", "course_version_id"],
        *_ITEM.c["id", "question_version_id"],
        *_RESPONSE.c["chosen", "saved_at"],
    )
    .select_from(_ATTEMPT)
    .outerjoin(_ITEM, _ASKED)
    .outerjoin(_RESPONSE, _RESPONSE.c.id == NEWEST)
    .where(_ATTEMPT.c.id == bindparam("attempt"))
)
_ANSWER = insert(_RESPONSE)


def save(
    session: Session,
    person_id: int,
    attempt_id: int,
    round_: int,
    position: int,
    chosen: Sequence[str],
    *,
    at: datetime,
) -> datetime:
    """Keep an answer and return when it was saved; what is saved already is not saved again.

    Raises `NotOpen` once the round was handed in, `Invalid` for an option that is not there.
    """
    hold(session, person_id, attempt_id)
    place = session.execute(_PLACE, {"attempt": attempt_id, "position": position}).one()
    if place.status is not Status.OPEN or place.round != round_:
        raise NotOpen("This part of the test has been handed in.")
    if place.id is None:
        raise NotFound("There is no such question.")
    bank = bank_of(session, place.course_version_id)
    question = next(q for q in bank if q.id == place.question_version_id)
    picked = sorted(set(chosen))
    too_many = question.kind is Kind.SINGLE and len(picked) > 1
    if too_many or not set(picked) <= {option["key"] for option in question.options}:
        raise Invalid("choice", "Please choose from the answers shown.")
    saved_at: datetime | None = place.saved_at
    if picked == place.chosen and saved_at is not None:
        return saved_at
    session.execute(_ANSWER, {"item_id": place.id, "chosen": picked, "saved_at": at})
    return at
