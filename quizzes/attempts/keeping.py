"""What attempts keep of a person, for that person: tries, answers, grades and talks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from modules.assignments.models import Assignment
from modules.catalogue.models import Lesson
from modules.catalogue.taught import newest_titles
from quizzes.attempts.models import Attempt, Item, Reread, Response, Status, Unlock
from quizzes.bank.models import Question, QuestionVersion
from training import i18n, retention
from training.accounts.models import Organisation, Person
from training.parts import Kept, KeptSection

OUTCOMES = {
    Status.OPEN: _l("Under way"),
    Status.CONDUCT_CHECK: _l("Conduct check to be done"),
    Status.PASSED: _l("Passed"),
    Status.FAILED: _l("Not passed"),
}


@dataclass(frozen=True)
class _Answer:
    """One answer as it was saved, with the question it answers."""

    item_id: int
    question: str
    response: Response


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return a person's attempts with their grades and answers, and the talks about them."""
    titles, language = newest_titles(session), i18n.content_language()
    spoken = {course_id: title[language] for course_id, title in titles.items()}
    tests = [*_attempts(session, person_id, spoken), *_answers(session, person_id, spoken)]
    talks = list(_talks(session, person_id, spoken))
    return (
        KeptSection("attempts", _("Your tests"), tests),
        KeptSection("unlocks", _("Talks that unlocked a test"), talks),
    )


def _attempts(session: Session, person_id: int, titles: Mapping[int, str]) -> Iterator[Kept]:
    again = _read_again(session, person_id)
    query = (
        select(Attempt)
        .join(Attempt.assignment)
        .where(Assignment.person_id == person_id)
        .options(
            joinedload(Attempt.course_version),
            joinedload(Attempt.assignment),
            selectinload(Attempt.grades),
        )
        .order_by(Attempt.id)
    )
    for attempt in session.scalars(query):
        at = attempt.finished_at or attempt.started_at
        value, data = _outcome(attempt), _data(attempt, again[attempt.id])
        label = _label(titles, attempt)
        yield Kept("attempt", label, value, person_id, at, None, data)


def _label(titles: Mapping[int, str], attempt: Attempt) -> str:
    title = titles[attempt.assignment.course_id]
    return _("%(title)s, attempt %(number)s", title=title, number=attempt.number)


def _outcome(attempt: Attempt) -> str:
    said = [str(OUTCOMES[attempt.status])]
    said += [
        _("%(score)s of %(maximum)s points", score=grade.score, maximum=grade.maximum)
        for grade in attempt.grades
    ]
    return ", ".join(said)


def _data(attempt: Attempt, again: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "attempt": attempt.id,
        "cycle": attempt.assignment.cycle,
        "number": attempt.number,
        "version": attempt.course_version.version,
        "pass_mark": attempt.pass_mark,
        "status": attempt.status,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "grades": [
            {
                "round": grade.round,
                "score": grade.score,
                "maximum": grade.maximum,
                "critical_missed": grade.critical_missed,
                "passed": grade.passed,
                "graded_at": grade.graded_at,
            }
            for grade in attempt.grades
        ],
        "read_again": again,
    }


def _read_again(session: Session, person_id: int) -> Mapping[int, list[Mapping[str, Any]]]:
    query = (
        select(Reread, Lesson.slug)
        .join(Lesson, Lesson.id == Reread.lesson_id)
        .join(Attempt, Attempt.id == Reread.attempt_id)
        .join(Attempt.assignment)
        .where(Assignment.person_id == person_id)
        .order_by(Reread.id)
    )
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row, lesson in session.execute(query):
        found[row.attempt_id].append({"lesson": lesson, "read_at": row.read_at})
    return found


def _answers(session: Session, person_id: int, titles: Mapping[int, str]) -> Iterator[Kept]:
    keep = session.execute(
        select(Organisation.keep_superseded_days, Organisation.keep_answers_months)
        .join(Person, Person.organisation_id == Organisation.id)
        .where(Person.id == person_id)
    ).one()
    for attempt, saved in _saved(session, person_id).items():
        newest = {answer.item_id: answer for answer in saved}
        replaced = [answer for answer in saved if newest[answer.item_id] is not answer]
        kinds = (
            ("answers", list(newest.values()), retention.months_after_attempt(keep[1])),
            ("replaced_answers", replaced, retention.days_after_attempt(keep[0])),
        )
        for key, answers, until in kinds:
            if answers:
                value, last = _counted(key, len(answers)), answers[-1].response.saved_at
                label, data = _label(titles, attempt), _listed(attempt, answers)
                yield Kept(key, label, value, person_id, last, until, data)


def _counted(key: str, number: int) -> str:
    if key == "answers":
        return ngettext("%(num)s answer", "%(num)s answers", number)
    return ngettext(
        "%(num)s answer that you changed later", "%(num)s answers that you changed later", number
    )


def _saved(session: Session, person_id: int) -> Mapping[Attempt, list[_Answer]]:
    query = (
        select(Attempt, Question.code, Response)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(Response, Response.item_id == Item.id)
        .join(QuestionVersion, QuestionVersion.id == Item.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Attempt.assignment)
        .where(Assignment.person_id == person_id)
        .options(joinedload(Attempt.assignment))
        .order_by(Attempt.id, Response.id)
    )
    found: dict[Attempt, list[_Answer]] = defaultdict(list)
    for attempt, question, response in session.execute(query):
        found[attempt].append(_Answer(response.item_id, question, response))
    return found


def _listed(attempt: Attempt, answers: Iterable[_Answer]) -> dict[str, Any]:
    return {
        "attempt": attempt.id,
        "answers": [
            {"question": a.question, "chosen": a.response.chosen, "saved_at": a.response.saved_at}
            for a in answers
        ],
    }


def _talks(session: Session, person_id: int, titles: Mapping[int, str]) -> Iterator[Kept]:
    query = (
        select(Unlock, Assignment.course_id)
        .join(Assignment, Assignment.id == Unlock.assignment_id)
        .where(Assignment.person_id == person_id)
        .order_by(Unlock.id)
    )
    for row, course_id in session.execute(query):
        by, value = row.unlocked_by_id or person_id, row.note or _("You asked for it.")
        at, data = row.unlocked_at or row.asked_at, {"asked_at": row.asked_at, "note": row.note}
        yield Kept("unlock", titles[course_id], value, by, at, None, data)
