"""Taking a final test. Each function runs inside the caller's transaction.

Whatever is decided about attempts is decided under the lock of their assignment.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.assignments.services import Owned, own
from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import published
from modules.learning.services import complete, progress
from quizzes.attempts.drawing import Drawn, Seen, draw
from quizzes.attempts.grading import grade
from quizzes.attempts.models import Attempt, Grade, Item, Reread, Status
from quizzes.attempts.sheets import Sheet, Standing, lessons_again, reread, sheet, standings
from quizzes.bank.models import QuestionVersion
from quizzes.bank.services import bank_of
from training import audit
from training.errors import DomainError, NotFound
from training.orm import insert_once, table

SEEDS = 2**31


class AttemptsUsed(DomainError):
    """No attempt is left in this cycle."""


class NotOpen(DomainError):
    """The attempt does not take answers now."""


def start(session: Session, person_id: int, assignment_id: int, *, at: datetime) -> Attempt:
    """Begin an attempt, or return the one that is under way.

    The attempts are counted under the assignment's lock, so a double click or a second tab
    cannot buy an extra one. Raises `AttemptsUsed` after the third, until a talk unlocks three
    more, and `NotOpen` while lessons are not ticked or when the course is completed.
    """
    owned = own(session, person_id, assignment_id, lock=True)
    standing = standings(session, [assignment_id])[assignment_id]
    last = standing.last
    if last is not None and last.is_under_way:
        return last
    if owned.version_id is None:
        raise NotFound("This course is no longer taught.")
    if reason := refusal(owned, standing):
        raise reason
    if progress(session, [owned])[assignment_id].required:
        raise NotOpen("The test opens when every lesson it asks for is ticked.")
    return _new_attempt(
        session, owned.assignment, owned.version_id, last.number + 1 if last else 1, at
    )


def refusal(owned: Owned, standing: Standing) -> DomainError | None:
    """Return why no further attempt may begin, whatever was read; nothing when one may."""
    if owned.assignment.completed_at is not None:
        return NotOpen("You have passed this test already.")
    if standing.left <= 0:
        return AttemptsUsed("You have used your attempts. Talk to your mission trainer.")
    return None


def _new_attempt(
    session: Session, assignment: Assignment, version_id: int, number: int, at: datetime
) -> Attempt:
    course = published(session, version_id)
    attempt = Attempt(
        assignment_id=assignment.id,
        course_version_id=version_id,
        number=number,
        seed=secrets.randbelow(SEEDS),
        pass_mark=course.pass_mark,
        status=Status.OPEN,
        round=0,
        started_at=at,
    )
    session.add(attempt)
    session.flush()
    seen = _seen(session, attempt)
    drawn = draw(bank_of(session, version_id), course.objectives, seen, attempt.seed)
    _add_items(session, attempt, drawn)
    return attempt


def _seen(session: Session, attempt: Attempt) -> Seen:
    here = func.count(case((Item.attempt_id == attempt.id, 1)))
    rows = session.execute(
        select(QuestionVersion.question_id, here, func.count())
        .join(Item, Item.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .where(Attempt.assignment_id == attempt.assignment_id)
        .group_by(QuestionVersion.question_id)
    )
    return {question_id: (here, ever) for question_id, here, ever in rows}


def _add_items(session: Session, attempt: Attempt, drawn: Sequence[Drawn]) -> None:
    session.add_all(
        Item(
            attempt_id=attempt.id,
            round=attempt.round,
            position=position,
            question_version_id=question.question_version_id,
            option_order=list(question.option_order),
        )
        for position, question in enumerate(drawn, 1)
    )
    session.flush()


# Built once: every saved answer asks it.
_ATTEMPT, _ASSIGNMENT = table(Attempt), table(Assignment)
_HELD = (
    select(_ASSIGNMENT.c.id)
    .join(_ATTEMPT, _ATTEMPT.c.assignment_id == _ASSIGNMENT.c.id)
    .where(_ATTEMPT.c.id == bindparam("attempt"), _ASSIGNMENT.c.person_id == bindparam("owner"))
    .with_for_update(of=_ASSIGNMENT)
)


def hold(session: Session, person_id: int, attempt_id: int) -> None:
    """Lock the assignment of a person's attempt. Raises `NotFound` for anybody else's id."""
    values = {"attempt": attempt_id, "owner": person_id}
    if session.execute(_HELD, values).first() is None:
        raise NotFound("There is no such attempt.")


def _locked(session: Session, person_id: int, attempt_id: int) -> Sheet:
    hold(session, person_id, attempt_id)
    return sheet(session, person_id, attempt_id)


def submit(
    session: Session,
    person_id: int,
    attempt_id: int,
    round_: int,
    *,
    today: date,
    at: datetime,
) -> Attempt:
    """Hand in a round and grade it; handing it in again changes nothing.

    A pass completes the course in the same transaction.
    """
    whole = _locked(session, person_id, attempt_id)
    attempt = whole.attempt
    if attempt.status is not Status.OPEN or attempt.round != round_:
        return attempt
    answers = [answered.answer for answered in whole.current]
    result = grade(answers, pass_mark=attempt.pass_mark, round_=round_)
    session.add(
        Grade(
            attempt_id=attempt.id,
            round=round_,
            score=result.score,
            maximum=result.maximum,
            critical_missed=result.critical_missed,
            passed=result.status is Status.PASSED,
            graded_at=at,
        )
    )
    attempt.status = result.status
    if not attempt.is_under_way:
        attempt.finished_at = at
    session.flush()
    _record(session, person_id, attempt, at)
    if result.status is Status.PASSED:
        _complete(session, attempt, whole.course, today, at)
    return attempt


def _record(session: Session, person_id: int, attempt: Attempt, at: datetime) -> None:
    audit.record(
        session,
        "attempt.graded",
        "attempt",
        attempt.id,
        actor_id=person_id,
        at=at,
        round=attempt.round,
        status=attempt.status.value,
    )


def _complete(
    session: Session, attempt: Attempt, course: PublishedCourse, today: date, at: datetime
) -> None:
    assignment = session.get_one(Assignment, attempt.assignment_id)
    complete(session, assignment, course, achieved_on=today, at=at)


def read_again(
    session: Session, person_id: int, attempt_id: int, lesson_id: int, *, at: datetime
) -> Attempt:
    """Note that a lesson was read again; after the last one the conduct check is drawn."""
    whole = _locked(session, person_id, attempt_id)
    attempt = whole.attempt
    if attempt.status is not Status.CONDUCT_CHECK:
        return attempt
    wanted = {lesson.id for lesson in lessons_again(whole)}
    if lesson_id not in wanted:
        raise NotFound("There is no such lesson.")
    row = {
        "attempt_id": attempt.id,
        "round": attempt.round,
        "lesson_id": lesson_id,
        "read_at": at,
    }
    session.execute(insert_once(session, Reread).values(row))
    if wanted <= reread(session, attempt):
        _begin_check(session, whole)
    return attempt


def _begin_check(session: Session, whole: Sheet) -> None:
    attempt = whole.attempt
    attempt.round += 1
    attempt.status = Status.OPEN
    drawn = draw(
        bank_of(session, attempt.course_version_id),
        whole.course.objectives,
        _seen(session, attempt),
        attempt.seed + attempt.round,
        check=True,
    )
    _add_items(session, attempt, drawn)
