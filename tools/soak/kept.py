"""Whether everything that was acknowledged is there."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from modules.catalogue.models import Lesson, Module
from modules.learning.models import Completion, Reading
from quizzes.attempts.models import Attempt, Grade, Item, Reread, Response
from tools.soak.journal import Notes, Paper

Choices = tuple[str, ...]


def lost(session: Session, notes: Notes) -> Iterator[str]:
    """Return a sentence for everything of one learner that was acknowledged and is not there."""
    yield from _ticks(session, notes)
    yield from _answers(session, notes)
    yield from _rounds(session, notes)
    for certificate in notes.confirmed:
        yield from _confirmed(session, notes, certificate)
    for paper in notes.papers:
        yield from _paper(session, paper)
    if notes.passed:
        completion = select(Completion.id).where(Completion.assignment_id == notes.assignment)
        if session.scalar(completion) is None:
            yield f"assignment {notes.assignment}: the pass was shown and is not there"


def _ticks(session: Session, notes: Notes) -> Iterator[str]:
    rows = session.execute(
        select(Module.slug, Lesson.slug)
        .join(Lesson, Lesson.module_id == Module.id)
        .join(Reading, Reading.lesson_id == Lesson.id)
        .where(Reading.assignment_id == notes.assignment)
    )
    there = {f"/{module}/{lesson}" for module, lesson in rows}
    for path in notes.ticked:
        if not any(path.endswith(place) for place in there):
            yield f"{path}: the tick was acknowledged and is not there"


def _answers(session: Session, notes: Notes) -> Iterator[str]:
    rows = session.execute(
        select(Item.attempt_id, Item.round, Item.position, Response.chosen)
        .join(Response, Response.item_id == Item.id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .where(Attempt.assignment_id == notes.assignment)
        .order_by(Response.id)
    )
    kept: dict[tuple[int, int, int], list[Choices]] = {}
    for attempt, round_, position, chosen in rows:
        kept.setdefault((attempt, round_, position), []).append(tuple(chosen))
    given: dict[tuple[int, int, int], list[Choices]] = {}
    for a in notes.answered:
        given.setdefault((a.attempt, a.round, a.position), []).append(a.chosen)
    for place, choices in given.items():
        yield from _compared(place, _once(choices), kept.get(place, []), done=notes.finished)
    for place, choices in kept.items():
        if _once(choices) != choices:
            yield f"answer {place}: saved twice in a row: {choices}"


def _once(choices: Sequence[Choices]) -> list[Choices]:
    return [choice for choice, _ in groupby(choices)]


def _compared(
    place: tuple[int, int, int], given: list[Choices], kept: list[Choices], *, done: bool
) -> Iterator[str]:
    # A run that was cut short may have left one more answer that nobody saw acknowledged.
    same = given == kept if done else kept[: len(given)] == given
    if not same:
        yield f"answer {place}: acknowledged {given}, kept {kept}"


def _rounds(session: Session, notes: Notes) -> Iterator[str]:
    attempts = set(
        session.scalars(select(Attempt.id).where(Attempt.assignment_id == notes.assignment))
    )
    for attempt in set(notes.begun) - attempts:
        yield f"attempt {attempt} began and is not there"
    if notes.finished and attempts - set(notes.begun):
        yield f"assignment {notes.assignment}: an attempt began that nobody began"
    for attempt, round_ in notes.submitted:
        grade = select(Grade.id).where(Grade.attempt_id == attempt, Grade.round == round_)
        if session.scalar(grade) is None:
            yield f"attempt {attempt}, round {round_}: handed in and not graded"
    for attempt, lesson in notes.reread:
        read = select(Reread.id).where(Reread.attempt_id == attempt, Reread.lesson_id == lesson)
        if session.scalar(read) is None:
            yield f"attempt {attempt}: lesson {lesson} was read again and that is not there"


def _confirmed(session: Session, notes: Notes, certificate: int) -> Iterator[str]:
    row = session.get(Certificate, certificate)
    if row is None or row.issued_at is None or row.holder_name != notes.name:
        yield f"certificate {certificate}: its name was confirmed and is not frozen"
    languages = {"en", *(language for number, language in notes.wanted if number == certificate)}
    there = set(
        session.scalars(select(Document.language).where(Document.certificate_id == certificate))
    )
    if languages - there:
        yield f"certificate {certificate}: a document was wanted and is not: {languages - there}"


def _paper(session: Session, paper: Paper) -> Iterator[str]:
    row = session.execute(
        select(Document.state, Document.sha256, DocumentContent.data)
        .join(DocumentContent, DocumentContent.document_id == Document.id)
        .where(Document.certificate_id == paper.certificate, Document.language == paper.language)
    ).first()
    if row is None or row[0] is not DocumentState.READY or row[1] != paper.sha256:
        yield f"certificate {paper.certificate}, {paper.language}: not what was downloaded"
