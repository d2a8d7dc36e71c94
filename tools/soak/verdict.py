"""Whether anything is there twice, unfinished, or in contradiction with something else."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from certificates.register.models import Certificate, Document, DocumentState
from modules.learning.models import Completion, Reading
from quizzes.attempts import sheets
from quizzes.attempts.grading import grade
from quizzes.attempts.models import Attempt, Grade, Item
from tools.soak.journal import Journal
from tools.soak.kept import lost
from training import db
from training.audit import AuditEvent
from training.parts import registered

ONCE: tuple[tuple[InstrumentedAttribute[Any], ...], ...] = (
    (Reading.assignment_id, Reading.lesson_id),
    (Attempt.assignment_id, Attempt.number),
    (Item.attempt_id, Item.round, Item.position),
    (Grade.attempt_id, Grade.round),
    (Completion.assignment_id,),
    (Certificate.completion_id,),
    (Document.certificate_id, Document.language),
)
# Each of these is written once for each of those.
EVENTS: tuple[tuple[str, InstrumentedAttribute[int]], ...] = (
    ("attempt.graded", Grade.id),
    ("course.completed", Completion.id),
    ("certificate.issued", Certificate.id),
    ("name.confirmed", Certificate.id),
)


def judge(app: Flask, journal: Journal) -> list[str]:
    """Return a sentence for everything that breaks a promise, after the last job was done."""
    with app.app_context():
        session = db.session()
        found = list(journal.violations)
        for notes in journal.notes:
            found += lost(session, notes)
        found += _doubled(session)
        found += _numbering(session)
        found += _misjudged(session, journal)
        found += _unmade(session)
        found += [s for part in registered() if part.check for s in part.check(session)]
        session.rollback()
        return found


def _doubled(session: Session) -> Iterator[str]:
    for columns in ONCE:
        rows = session.execute(
            select(*columns, func.count()).group_by(*columns).having(func.count() > 1)
        )
        for row in rows:
            yield f"{columns[0].class_.__tablename__} {tuple(row)[:-1]} is there {row[-1]} times"
    for action, column in EVENTS:
        written = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
        )
        done = session.scalar(select(func.count(column)))
        if action.startswith(("certificate", "name")):
            done = session.scalar(
                select(func.count(column)).where(Certificate.issued_at.is_not(None))
            )
        if written != done:
            yield f"{action}: {written} events for {done} rows"


def _numbering(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Attempt.assignment_id, func.count(), func.max(Attempt.number)).group_by(
            Attempt.assignment_id
        )
    )
    for assignment, number, last in rows:
        if number != last:
            yield f"assignment {assignment}: {number} attempts, the last has number {last}"


def _misjudged(session: Session, journal: Journal) -> Iterator[str]:
    """Grade every round again from the answers that are kept."""
    person = {notes.assignment: notes.person for notes in journal.notes}
    for attempt in session.scalars(select(Attempt).order_by(Attempt.id)).all():
        whole = sheets.sheet(session, person[attempt.assignment_id], attempt.id)
        for row in session.scalars(select(Grade).where(Grade.attempt_id == attempt.id)):
            answers = [answered.answer for answered in whole.of_round(row.round)]
            result = grade(answers, pass_mark=attempt.pass_mark, round_=row.round)
            if (row.score, row.critical_missed) != (result.score, result.critical_missed):
                yield f"attempt {attempt.id}, round {row.round}: its grade is not of its answers"


def _unmade(session: Session) -> Iterator[str]:
    english = select(Document.id).where(
        Document.certificate_id == Certificate.id,
        Document.language == "en",
        Document.state == DocumentState.READY,
    )
    issued = select(Certificate.id).where(Certificate.issued_at.is_not(None))
    for certificate in session.scalars(issued.where(~english.exists())):
        yield f"certificate {certificate} never got its document"
    waiting = select(Document.id, Document.state).where(Document.state != DocumentState.READY)
    for document, state in session.execute(waiting):
        yield f"document {document} is {state.value} when all work is done"
