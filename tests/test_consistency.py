"""`training check` finds what contradicts itself, whatever kind it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from certificates.register import issued_log, services
from certificates.register.making import make_documents
from certificates.register.models import Certificate, Document, DocumentContent, Withdrawal
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.learning.models import Completion, ComponentValidity
from quizzes.attempts.models import Attempt, Grade, Status
from tests.certificates.register.test_register import earn
from tests.factories import NOW, Factory
from training import audit, db
from training.audit import AuditEvent, AuditSeal
from training.parts import registered

Plant = Callable[[Session], object]


@pytest.fixture
def confirmed(app: Flask, make: Factory, course: Course, session: Session) -> Certificate:
    """Return a certificate whose document is wanted."""
    person = make.person(printed_name="Robin Vos")
    found = earn(app, make, course, session, person)
    services.confirm_name(session, person.id, found.id, "Robin Vos", at=NOW)
    audit.seal(session, at=NOW)
    session.commit()
    return found


@pytest.fixture
def sound(make: Factory, confirmed: Certificate) -> Session:
    """Return the session of a database with a certificate in which everything agrees."""
    make.document(confirmed)
    return make.session


def sentences(app: Flask) -> list[str]:
    """Return all that the parts find."""
    with app.app_context():
        return [s for part in registered() if part.check for s in part.check(db.session())]


def _no_certificate(session: Session) -> None:
    for table in (DocumentContent, Document, Certificate):
        session.execute(delete(table))


def _no_completion(session: Session) -> None:
    _no_certificate(session)
    session.execute(delete(ComponentValidity))
    session.execute(delete(Completion))


def _second_under_way(session: Session) -> None:
    session.execute(text("DROP INDEX uq_attempt_under_way"))
    attempt = session.scalars(select(Attempt)).one()
    for number in (2, 3):
        session.add(
            Attempt(
                assignment_id=attempt.assignment_id,
                course_version_id=attempt.course_version_id,
                number=number,
                seed=1,
                pass_mark=80,
                status=Status.OPEN,
                started_at=NOW,
            )
        )


def _replaced_by_itself(session: Session) -> None:
    number = session.scalars(select(Certificate.id)).one()
    session.add(
        Withdrawal(certificate_id=number, replaced_by_id=number, reason="x", withdrawn_at=NOW)
    )


def _flipped(session: Session) -> None:
    content = session.scalars(select(DocumentContent)).one()
    content.data = content.data[:-1] + bytes([content.data[-1] ^ 1])


def _seal_lost(session: Session) -> None:
    audit.record(session, "thing.done", "thing", 1, actor_id=None, at=NOW)
    session.flush()
    audit.seal(session, at=NOW)
    session.flush()
    session.execute(update(AuditEvent).where(AuditEvent.seal_number == 1).values(seal_number=None))
    session.execute(delete(AuditSeal).where(AuditSeal.number == 1))


PLANTED: dict[str, tuple[Plant, str]] = {
    "assignment closed without a completion": (_no_completion, "is closed without a completion"),
    "completion whose assignment is open": (
        lambda s: s.execute(update(Assignment).values(completed_at=None)),
        "has a completion and is still open",
    ),
    "attempt passed without a completion": (
        lambda s: s.execute(update(Assignment).values(completed_at=None)),
        "is passed and its course is not completed",
    ),
    "completion without its components": (
        lambda s: s.execute(delete(ComponentValidity)),
        "lacks a component",
    ),
    "completion without a certificate": (_no_certificate, "has no certificate"),
    "certificate with another validity": (
        lambda s: s.execute(
            update(Certificate).values(valid_until=NOW.date() + timedelta(days=9999))
        ),
        "does not say what its completion says",
    ),
    "certificate with a number that cannot be": (
        lambda s: s.execute(update(Certificate).values(number="11111-11112")),
        "has a number that cannot be one",
    ),
    "certificate issued to nobody": (
        lambda s: s.execute(update(Certificate).values(holder_name=None)),
        "is issued to nobody",
    ),
    "certificate without a document": (
        lambda s: [s.execute(delete(DocumentContent)), s.execute(delete(Document))],
        "has no English document",
    ),
    "certificate replaced by itself": (_replaced_by_itself, "is replaced by itself"),
    "document without bytes": (
        lambda s: s.execute(delete(DocumentContent)),
        "is ready and has no content",
    ),
    "changed bytes": (_flipped, "is not what was issued"),
    "two attempts under way": (_second_under_way, "has two attempts under way"),
    "finished attempt without a grade": (
        lambda s: s.execute(delete(Grade)),
        "is finished without a grade",
    ),
    "attempt finished at no time": (
        lambda s: s.execute(update(Attempt).values(finished_at=None)),
        "is finished at no time",
    ),
    "changed audit event": (
        lambda s: s.execute(update(AuditEvent).values(actor_id=4711)),
        "have been changed",
    ),
    "changed audit seal": (
        lambda s: s.execute(update(AuditSeal).values(digest="0")),
        "have been changed",
    ),
    "missing audit seal": (_seal_lost, "is missing"),
}  # fmt: skip


def test_what_the_worker_has_made_gives_nothing_to_say(app: Flask, confirmed: Certificate) -> None:
    with app.app_context():
        make_documents()
    assert sentences(app) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_what_contradicts_itself_is_found(app: Flask, sound: Session, kind: str) -> None:
    plant, words = PLANTED[kind]
    plant(sound)
    sound.commit()
    assert any(words in sentence for sentence in sentences(app)), sentences(app)


def test_a_number_that_was_issued_and_is_not_there_is_named(app: Flask, sound: Session) -> None:
    data = app.extensions["settings"].data
    assert sentences(app) == []
    issued_log.append(data, "00000-00000", "0" * 64)
    assert "Certificate 00000-00000 was issued and is not in this database." in sentences(app)


def test_the_list_of_what_was_issued_is_private_and_names_nobody(
    app: Flask, session: Session, confirmed: Certificate
) -> None:
    with app.app_context():
        make_documents()
    path = app.extensions["settings"].data / issued_log.NAME
    document = session.scalars(select(Document)).one()
    assert path.read_text() == f"{confirmed.number} {document.sha256}\n"
    assert path.stat().st_mode & 0o077 == 0
