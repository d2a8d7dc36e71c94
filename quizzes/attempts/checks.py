"""Whether attempts agree with their grades and with what they led to; `training check` asks."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from quizzes.attempts.models import UNDER_WAY, Attempt, Grade, Status


def contradictions(session: Session) -> list[str]:
    """Return a sentence for everything about attempts that does not agree."""
    passed = (
        select(Attempt.id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Attempt.status == Status.PASSED, Assignment.completed_at.is_(None))
    )
    ungraded = (
        select(Attempt.id)
        .outerjoin(Grade, Grade.attempt_id == Attempt.id)
        .where(Attempt.status.not_in(UNDER_WAY), Grade.id.is_(None))
    )
    unfinished = select(Attempt.id).where(
        Attempt.status.not_in(UNDER_WAY), Attempt.finished_at.is_(None)
    )
    twice = (
        select(Attempt.assignment_id)
        .where(Attempt.status.in_(UNDER_WAY))
        .group_by(Attempt.assignment_id)
        .having(func.count() > 1)
    )
    return [
        *(f"Attempt {i} is passed and its course is not completed." for i in _ids(session, passed)),
        *(f"Attempt {i} is finished without a grade." for i in _ids(session, ungraded)),
        *(f"Attempt {i} is finished at no time." for i in _ids(session, unfinished)),
        *(f"Assignment {i} has two attempts under way." for i in _ids(session, twice)),
    ]


def _ids(session: Session, query: Select[int]) -> list[int]:
    return list(session.scalars(query))
