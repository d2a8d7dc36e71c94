"""An attempt as its pages need it, found within what one person owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.published import PublishedCourse, PublishedLesson
from modules.catalogue.services import published
from quizzes.attempts.grading import Answer
from quizzes.attempts.models import Attempt, Item, Reread, Response, Status, Unlock
from quizzes.bank.services import BankQuestion, bank_of
from training.errors import NotFound
from training.orm import table

MOST_ATTEMPTS = 3
# A number, or the expression for one in a statement.
Number = TypeVar("Number", int, ColumnElement[int])


class Place(NamedTuple):
    """Where a question stands in an attempt, and in which order its options are shown."""

    id: int
    round: int
    position: int
    option_order: list[str]


@dataclass(frozen=True)
class Answered:
    """A question of an attempt with the newest answer to it."""

    item: Place
    question: BankQuestion
    chosen: tuple[str, ...]
    saved_at: datetime | None

    @property
    def answer(self) -> Answer:
        """Return it as grading sees it."""
        return Answer(self.question.right, frozenset(self.chosen), self.question.critical)


@dataclass(frozen=True)
class Sheet:
    """An attempt with the questions of all its rounds."""

    attempt: Attempt
    course: PublishedCourse
    answered: tuple[Answered, ...]

    def of_round(self, round_: int) -> list[Answered]:
        """Return the questions of one round, in order."""
        return [a for a in self.answered if a.item.round == round_]

    @property
    def current(self) -> list[Answered]:
        """Return the questions of the round the attempt is in."""
        return self.of_round(self.attempt.round)


# The answer that stands to a question.
NEWEST = (
    select(func.max(Response.id))
    .where(Response.item_id == Item.id)
    .correlate(Item)
    .scalar_subquery()
)
# Built once: every question asks it.
_ITEM, _RESPONSE = table(Item), table(Response)
_SHEET = (
    select(
        Attempt,
        _ITEM.c.question_version_id,
        _RESPONSE.c.chosen,
        _RESPONSE.c.saved_at,
        *_ITEM.c["id", "round", "position", "option_order"],
    )
    .join(Assignment, Assignment.id == Attempt.assignment_id)
    .join(_ITEM, _ITEM.c.attempt_id == Attempt.id)
    .outerjoin(_RESPONSE, _RESPONSE.c.id == NEWEST)
    .where(Attempt.id == bindparam("attempt"), Assignment.person_id == bindparam("owner"))
    .order_by(_ITEM.c.round, _ITEM.c.position)
)


def sheet(session: Session, person_id: int, attempt_id: int) -> Sheet:
    """Return a person's attempt. Raises `NotFound` for anybody else's id."""
    rows = session.execute(_SHEET, {"attempt": attempt_id, "owner": person_id}).all()
    if not rows:
        raise NotFound("There is no such attempt.")
    attempt: Attempt = rows[0][0]
    bank = {q.id: q for q in bank_of(session, attempt.course_version_id)}
    answered = tuple(
        Answered(Place(*place), bank[question_id], tuple(chosen or ()), saved_at)
        for _attempt, question_id, chosen, saved_at, *place in rows
    )
    return Sheet(attempt, published(session, attempt.course_version_id), answered)


@dataclass(frozen=True)
class Standing:
    """Where an assignment stands with its attempts: the last one, and what was unlocked."""

    last: Attempt | None
    unlocks: int
    asked_at: datetime | None  # When the learner asked for the unlock that is still to come.

    @property
    def left(self) -> int:
        """Return how many more attempts may begin."""
        return allowed(self.unlocks) - (self.last.number if self.last else 0)

    @property
    def is_stuck(self) -> bool:
        """Tell whether every attempt is used up in vain, so that only a talk helps."""
        return self.last is not None and self.last.status is Status.FAILED and self.left <= 0


def allowed(unlocks: Number) -> Number:
    """Return how many attempts a cycle has: three, and three more for each unlock."""
    return MOST_ATTEMPTS * (1 + unlocks)


UNLOCKS = (
    select(func.count(Unlock.unlocked_at))
    .where(Unlock.assignment_id == Assignment.id)
    .scalar_subquery()
)
_ASKED_AT = (
    select(func.max(Unlock.asked_at))
    .where(Unlock.assignment_id == Assignment.id, Unlock.unlocked_at.is_(None))
    .scalar_subquery()
)
_STANDINGS = (
    select(Assignment.id, Attempt, UNLOCKS, _ASKED_AT)
    .outerjoin(Attempt, Attempt.assignment_id == Assignment.id)
    .where(Assignment.id.in_(bindparam("ids", expanding=True)))
    .order_by(Assignment.id, Attempt.number)
    .execution_options(populate_existing=True)
)


def standings(session: Session, assignment_ids: Sequence[int]) -> dict[int, Standing]:
    """Return how assignments stand with their attempts; only the last one may be under way."""
    rows = session.execute(_STANDINGS, {"ids": list(assignment_ids)})
    return {
        assignment_id: Standing(attempt, unlocks, asked_at)
        for assignment_id, attempt, unlocks, asked_at in rows
    }


def of_assignments(session: Session, assignment_ids: Sequence[int]) -> list[Attempt]:
    """Return the attempts of assignments, in order."""
    query = select(Attempt).where(Attempt.assignment_id.in_(assignment_ids))
    return list(session.scalars(query.order_by(Attempt.assignment_id, Attempt.number)))


def lessons_again(whole: Sheet) -> list[PublishedLesson]:
    """Return the lessons behind the critical questions missed in the present round.

    Of each objective it is the lesson that names it first, or else the first that names it.
    """
    missed = {
        a.question.objective for a in whole.current if a.answer.critical and not a.answer.is_right
    }
    wanted: dict[int, PublishedLesson] = {}
    for code in sorted(missed):
        teaching = [lesson for lesson in whole.course.lessons if code in lesson.objectives]
        main = [lesson for lesson in teaching if lesson.objectives[0] == code]
        for lesson in (main or teaching)[:1]:
            wanted[lesson.id] = lesson
    return [lesson for lesson in whole.course.lessons if lesson.id in wanted]


def reread(session: Session, attempt: Attempt) -> set[int]:
    """Return the ids of the lessons read again since the present round was graded."""
    query = select(Reread.lesson_id).where(
        Reread.attempt_id == attempt.id, Reread.round == attempt.round
    )
    return set(session.scalars(query))
