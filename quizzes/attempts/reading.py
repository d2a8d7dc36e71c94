"""An attempt as its pages need it, found within what one person owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.published import PublishedCourse, PublishedLesson
from modules.catalogue.services import published
from quizzes.attempts.grading import Answer
from quizzes.attempts.models import Attempt, Item, Reread, Response
from quizzes.bank.services import BankQuestion, bank_of
from training.errors import NotFound

MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Answered:
    """A question of an attempt with the newest answer to it."""

    item: Item
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


def sheet(session: Session, person_id: int, attempt_id: int) -> Sheet:
    """Return a person's attempt. Raises `NotFound` for anybody else's id."""
    newest = (
        select(func.max(Response.id))
        .where(Response.item_id == Item.id)
        .correlate(Item)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Attempt, Item, Response)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(Item, Item.attempt_id == Attempt.id)
        .outerjoin(Response, Response.id == newest)
        .where(Attempt.id == attempt_id, Assignment.person_id == person_id)
        .order_by(Item.round, Item.position)
    ).all()
    if not rows:
        raise NotFound("There is no such attempt.")
    attempt = rows[0][0]
    bank = {q.id: q for q in bank_of(session, attempt.course_version_id)}
    answered = tuple(
        Answered(
            item,
            bank[item.question_version_id],
            tuple(response.chosen) if response else (),
            response.saved_at if response else None,
        )
        for _attempt, item, response in rows
    )
    return Sheet(attempt, published(session, attempt.course_version_id), answered)


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
