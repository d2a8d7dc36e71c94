"""Documents: wanted, made once, blocked with a reason, put right; in the caller's transaction."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from certificates.register.models import (
    Certificate,
    Document,
    DocumentContent,
    DocumentState,
    Withdrawal,
)
from certificates.register.services import ALWAYS
from training import audit
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import DomainError, NotFound
from training.mail import services as outbox
from training.mail.services import Wish
from training.permissions import Permission, Viewer

AT_ONCE = 50
MAIL = "certificate_ready"


class AlreadyPrinted(DomainError):
    """A document exists, so the certificate cannot change any more."""


def wanted(session: Session) -> list[Document]:
    """Return the documents to be made, the oldest wish first."""
    query = (
        select(Document)
        .where(Document.state == DocumentState.WANTED)
        .options(joinedload(Document.certificate))
    )
    return list(session.scalars(query.order_by(Document.id).limit(AT_ONCE)))


def store(session: Session, document_id: int, pdf: bytes, *, at: datetime) -> str | None:
    """Keep a document as it was made and return its digest.

    A second maker's work is dropped; then there is none.
    """
    document = session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
    if document.state is DocumentState.READY:
        return None
    document.state = DocumentState.READY
    document.made_at = at
    document.size = len(pdf)
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.reason = document.remedy = None
    session.add(DocumentContent(document_id=document_id, data=pdf))
    session.flush()
    if document.language == ALWAYS:  # The first one, so that each certificate is told of once.
        person_id = session.get_one(Certificate, document.certificate_id).person_id
        wish = Wish(person_id, document.certificate_id, {"id": str(document.certificate_id)})
        outbox.queue(session, MAIL, [wish], at=at)
    return document.sha256


def block(session: Session, document_id: int, reason: str, remedy: str) -> None:
    """Note why a document cannot be made, for HR to remedy; the pass stands."""
    document = session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
    if document.state is DocumentState.WANTED:
        document.state = DocumentState.BLOCKED
        document.reason, document.remedy = reason, remedy


def blocked(session: Session, viewer: Viewer) -> list[tuple[Document, Person]]:
    """Return the documents that could not be made for people of the viewer's organisations."""
    people = within(viewer, Permission.READ_DOCUMENTS).with_only_columns(Person.id)
    rows = session.execute(
        select(Document, Person)
        .join(Certificate, Certificate.id == Document.certificate_id)
        .join(Person, Person.id == Certificate.person_id)
        .where(Document.state == DocumentState.BLOCKED, Person.id.in_(people))
        .order_by(Document.id)
    )
    return [(document, person) for document, person in rows]


def _blocked(session: Session, viewer: Viewer, document_id: int) -> Document:
    people = within(viewer, Permission.READ_DOCUMENTS).with_only_columns(Person.id)
    document = session.scalars(
        select(Document)
        .join(Certificate, Certificate.id == Document.certificate_id)
        .where(Document.id == document_id, Certificate.person_id.in_(people))
        .options(joinedload(Document.certificate).selectinload(Certificate.documents))
    ).first()
    if document is None:
        raise NotFound("There is no such document.")
    return document


def try_again(session: Session, viewer: Viewer, document_id: int, *, at: datetime) -> None:
    """Want a blocked document once more, after the platform was put right."""
    document = _blocked(session, viewer, document_id)
    if document.state is DocumentState.BLOCKED:
        document.state, document.wanted_at = DocumentState.WANTED, at


def send_back(session: Session, viewer: Viewer, document_id: int, *, at: datetime) -> None:
    """Let the holder confirm a corrected name, as long as no document was ever made.

    Raises `AlreadyPrinted` once one was: from then on a certificate can only be replaced.
    """
    document = _blocked(session, viewer, document_id)
    certificate = document.certificate
    if any(other.state is DocumentState.READY for other in certificate.documents):
        raise AlreadyPrinted("A document of this certificate exists, so it cannot change.")
    for other in certificate.documents:
        session.delete(other)
    certificate.holder_name = certificate.native_name = certificate.rank = None
    certificate.issued_at = None
    session.get_one(Person, certificate.person_id).confirmed_name = None
    audit.record(
        session,
        "certificate.sent_back",
        "certificate",
        certificate.id,
        actor_id=viewer.person_id,
        at=at,
    )


def waiting_since(session: Session) -> datetime | None:
    """Return when the oldest document that is still to be made was asked for."""
    query = select(func.min(Document.wanted_at)).where(Document.state == DocumentState.WANTED)
    return session.scalar(query)


def counts(session: Session, certificate_id: int) -> bool:
    """Tell whether there is such a certificate and nobody has withdrawn it."""
    query = select(Certificate.id).outerjoin(Certificate.withdrawal)
    query = query.where(Certificate.id == certificate_id, Withdrawal.id.is_(None))
    return session.scalar(query) is not None
