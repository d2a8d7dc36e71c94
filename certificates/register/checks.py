"""Whether completions, certificates and documents agree; `training check` asks."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from certificates.register import issued_log
from certificates.register.models import (
    Certificate,
    Document,
    DocumentContent,
    DocumentState,
    Withdrawal,
)
from certificates.register.numbers import read_number
from modules.assignments.models import Assignment
from modules.catalogue.models import Approval, CourseVersion
from modules.learning.models import Completion
from training.accounts.models import Person


def contradictions(session: Session, *, demonstration: bool) -> list[str]:
    """Return a sentence for everything about certificates that does not agree."""
    return [
        *_without_certificate(session, demonstration=demonstration),
        *_unlike_their_completion(session),
        *_misnumbered(session),
        *_without_document(session),
        *_changed_documents(session),
        *_wrongly_replaced(session),
    ]


def lost(session: Session, data: Path) -> list[str]:
    """Return a sentence for each number that was issued and is not in the database."""
    known = set(session.scalars(select(Certificate.number)))
    missing = sorted(set(issued_log.numbers(data)) - known)
    return [f"Certificate {number} was issued and is not in this database." for number in missing]


def _without_certificate(session: Session, *, demonstration: bool) -> Iterator[str]:
    query = (
        select(Completion.id)
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
        .where(Certificate.id.is_(None))
    )
    if not demonstration:  # A 0.x version, or one nobody had approved, gives no certificate.
        query = query.join(CourseVersion, CourseVersion.id == Completion.course_version_id).where(
            _approved_when_recorded(), CourseVersion.major > 0
        )
    for number in session.scalars(query.order_by(Completion.id)):
        yield f"Completion {number} has no certificate."


def _approved_when_recorded() -> ColumnElement[bool]:
    home = (
        select(Person.organisation_id)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.id == Completion.assignment_id)
        .correlate(Completion)
        .scalar_subquery()
    )
    return exists().where(
        Approval.course_version_id == Completion.course_version_id,
        or_(Approval.organisation_id.is_(None), Approval.organisation_id == home),
        Approval.approved_at <= Completion.recorded_at,
        or_(Approval.withdrawn_at.is_(None), Approval.withdrawn_at > Completion.recorded_at),
    )


def _unlike_their_completion(session: Session) -> Iterator[str]:
    query = (
        select(Certificate.id)
        .join(Completion, Completion.id == Certificate.completion_id)
        .join(Assignment, Assignment.id == Completion.assignment_id)
        .where(
            or_(
                Certificate.person_id != Assignment.person_id,
                Certificate.course_id != Assignment.course_id,
                Certificate.achieved_on != Completion.achieved_on,
                Certificate.valid_until != Completion.valid_until,
            )
        )
    )
    for number in session.scalars(query.order_by(Certificate.id)):
        yield f"Certificate {number} does not say what its completion says."


def _misnumbered(session: Session) -> Iterator[str]:
    for identity, number in session.execute(select(Certificate.id, Certificate.number)):
        if read_number(number) != number:
            yield f"Certificate {identity} has a number that cannot be one."


def _without_document(session: Session) -> Iterator[str]:
    unnamed = Certificate.issued_at.is_not(None) & Certificate.holder_name.is_(None)
    wanted = select(func.count(Document.id)).where(
        Document.certificate_id == Certificate.id, Document.language == "en"
    )
    missing = Certificate.issued_at.is_not(None) & (wanted.scalar_subquery() == 0)
    for number in session.scalars(select(Certificate.id).where(missing)):
        yield f"Certificate {number} is issued and has no English document."
    for number in session.scalars(select(Certificate.id).where(unnamed)):
        yield f"Certificate {number} is issued to nobody."


def _changed_documents(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Document.id, Document.sha256, DocumentContent.data)
        .outerjoin(DocumentContent, DocumentContent.document_id == Document.id)
        .where(Document.state == DocumentState.READY)
        .execution_options(yield_per=100)
    )
    for number, sha256, data in rows:
        if data is None:
            yield f"Document {number} is ready and has no content."
        elif hashlib.sha256(data).hexdigest() != sha256:
            yield f"Document {number} is not what was issued."


def _wrongly_replaced(session: Session) -> Iterator[str]:
    query = (
        select(Withdrawal.certificate_id)
        .join(Certificate, Certificate.id == Withdrawal.replaced_by_id)
        .where(Withdrawal.replaced_by_id <= Withdrawal.certificate_id)
    )
    for number in session.scalars(query):
        yield f"Certificate {number} is replaced by itself or by an older one."
