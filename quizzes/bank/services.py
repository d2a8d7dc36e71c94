"""Publishing questions with their course version, and reading the bank of a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.catalogue import files as catalogue_files
from modules.catalogue import services as catalogue
from modules.catalogue.cache import Forever, forget_on_rollback
from modules.catalogue.models import Course, CourseVersion, Module, Objective
from modules.catalogue.version_rules import is_wording_only
from modules.catalogue.written import (
    WrittenCourse,
)
from quizzes.bank import files, rules
from quizzes.bank.files import KEYS, WrittenQuestion
from quizzes.bank.models import Kind, Question, QuestionVersion
from training.errors import DomainError, Problem


@dataclass(frozen=True)
class BankQuestion:
    """A question as one course version asks it; `id` is that of this wording."""

    id: int
    question_id: int
    code: str
    objective: str
    bloom: str
    critical: bool
    kind: Kind
    text: Mapping[str, str]
    # As in the model: {"key": "a", "right": true, "text": {…}, "feedback": {…}}.
    options: tuple[Mapping[str, Any], ...]

    @property
    def right(self) -> frozenset[str]:
        """Return the keys of the right options."""
        return frozenset(option["key"] for option in self.options if option["right"])


def validate(session: Session, folder: Path) -> list[Problem]:
    """Return everything that keeps the questions from being published, sorted by place."""
    found: set[Problem] = set()
    for course in catalogue_files.read(folder):
        found.update(rules.problems(files.read(course)))
        found.update(_against_newest(session, course))
    return sorted(found)


def publish(session: Session, folder: Path, at: datetime) -> list[str]:  # noqa: ARG001
    """Publish the questions of each course version that has none, and return a line about each."""
    courses = {(c.slug, c.numbers): c for c in catalogue_files.read(folder)}
    empty = _versions_without(session, [slug for slug, _ in courses])
    lines: list[str] = []
    for version, slug in empty:
        written = courses.get((slug, (version.major, version.minor, version.patch)))
        banks = files.read(written) if written else ()
        if found := sorted(set(rules.problems(banks))):
            raise DomainError("\n".join(str(problem) for problem in found))
        questions = [question for bank in banks for question in bank.questions]
        if questions:
            _add(session, version, questions)
            lines.append(f"{slug} {version.version}: {len(questions)} questions")
    if lines:
        forget_on_rollback(session)
        session.flush()
    return lines


def bank_of(session: Session, course_version_id: int) -> tuple[BankQuestion, ...]:
    """Return the questions of a course version, in the order of its objectives and the files."""
    return _banks.get(session, course_version_id)


def _versions_without(
    session: Session, slugs: Sequence[str | None]
) -> Sequence[tuple[CourseVersion, str]]:
    """Return the course versions that have no questions, with the slugs of their courses."""
    asked = (
        select(QuestionVersion.id)
        .join(QuestionVersion.objective)
        .join(Module, Module.id == Objective.module_id)
        .where(Module.course_version_id == CourseVersion.id)
    )
    rows = session.execute(
        select(CourseVersion, Course.slug)
        .join(CourseVersion.course)
        .where(Course.slug.in_(slugs), ~asked.exists())
    )
    return [(version, slug) for version, slug in rows]


def _add(session: Session, version: CourseVersion, questions: Sequence[WrittenQuestion]) -> None:
    rows = session.execute(
        select(Objective.code, Objective.id)
        .join(Module, Module.id == Objective.module_id)
        .where(Module.course_version_id == version.id)
    )
    objectives = {code: objective_id for code, objective_id in rows}  # noqa: C416
    asked = select(Question).where(Question.course_id == version.course_id)
    known = {question.code: question for question in session.scalars(asked)}
    for written in questions:
        question = known.get(written.code) or Question(
            course_id=version.course_id, code=written.code
        )
        session.add(
            QuestionVersion(
                question=question,
                objective_id=objectives[written.objective],
                bloom=written.bloom,
                critical=written.critical,
                kind=Kind(written.kind),
                text=written.text,
                options=_options(written),
            )
        )


def _options(question: WrittenQuestion) -> list[dict[str, Any]]:
    return [
        {"key": key, "right": option.right, "text": option.text, "feedback": option.feedback}
        for key, option in zip(KEYS, question.options, strict=False)
    ]


def _load(session: Session, course_version_id: int) -> tuple[BankQuestion, ...]:
    rows = session.execute(
        select(QuestionVersion, Question.code, Objective.code)
        .join(QuestionVersion.question)
        .join(QuestionVersion.objective)
        .join(Module, Module.id == Objective.module_id)
        .where(Module.course_version_id == course_version_id)
        .order_by(Module.position, Objective.position, QuestionVersion.id)
    )
    return tuple(
        BankQuestion(
            id=row.id,
            question_id=row.question_id,
            code=code,
            objective=objective,
            bloom=row.bloom,
            critical=row.critical,
            kind=row.kind,
            text=row.text,
            options=tuple(row.options),
        )
        for row, code, objective in rows
    )


_banks = Forever(_load)


def _against_newest(session: Session, course: WrittenCourse) -> list[Problem]:
    """Return what a change of Z alone has changed in the questions besides wording."""
    newest = catalogue.latest(session, course.slug)
    if newest is None or not is_wording_only(course, newest):
        return []
    before = {
        q.code: (q.objective, q.critical, q.kind.value, [o["right"] for o in q.options])
        for q in bank_of(session, newest.id)
    }
    after = {
        q.code: (q.objective, q.critical, q.kind, list(q.rights))
        for bank in files.read(course)
        for q in bank.questions
    }
    changed = sorted(code for code in before.keys() | after if before.get(code) != after.get(code))
    message = f"Only Z was raised since {newest.version}, but these questions ask something else: "
    remedy = "Raise Y: Z is for wording only."
    problem = course.table.problem("version", f"{message}{', '.join(changed)}.", remedy)
    return [problem] if changed else []
