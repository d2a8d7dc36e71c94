"""Documents that could not be made, and how HR puts them right; in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Document, DocumentState
from training import audit
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import DomainError, Forbidden, NotFound
from training.permissions import Permission, Viewer


class AlreadyPrinted(DomainError):
    """A document exists, so the certificate cannot change any more."""


class StillBeingMade(DomainError):
    """The document is not blocked, so there is nothing to put right."""


def listed(session: Session, viewer: Viewer) -> list[tuple[Document, Person]]:
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


def try_again(session: Session, viewer: Viewer, document_id: int, *, at: datetime) -> None:
    """Want a blocked document once more, after the platform was put right.

    Raises `Forbidden` for one's own.
    """
    _person, _certificate, documents = _locked(session, viewer, document_id)
    document = _of_id(documents, document_id)
    if document.state is DocumentState.BLOCKED:
        document.state, document.wanted_at = DocumentState.WANTED, at


def send_back(session: Session, viewer: Viewer, document_id: int, *, at: datetime) -> None:
    """Let the holder confirm a corrected name, as long as no document was ever made.

    Raises `AlreadyPrinted` once one was: from then on a certificate can only be replaced. Raises
    `StillBeingMade` when it is not blocked, and `Forbidden` for one's own.
    """
    person, certificate, documents = _locked(session, viewer, document_id)
    if any(document.state is DocumentState.READY for document in documents):
        raise AlreadyPrinted("A document of this certificate exists, so it cannot change.")
    if _of_id(documents, document_id).state is not DocumentState.BLOCKED:
        raise StillBeingMade("This document is being made once more. Wait for it first.")
    for document in documents:
        session.delete(document)
    certificate.holder_name = certificate.native_name = certificate.rank = None
    certificate.issued_at = None
    person.confirmed_name = None
    audit.record(
        session,
        "certificate.sent_back",
        "certificate",
        certificate.id,
        actor_id=viewer.person_id,
        at=at,
    )


def _locked(
    session: Session, viewer: Viewer, document_id: int
) -> tuple[Person, Certificate, Sequence[Document]]:
    """Lock the holder, the certificate and all its documents, in that order."""
    people = within(viewer, Permission.READ_DOCUMENTS).with_only_columns(Person.id)
    row = session.execute(
        select(Certificate.person_id, Certificate.id)
        .join(Document, Document.certificate_id == Certificate.id)
        .where(Document.id == document_id, Certificate.person_id.in_(people))
    ).first()
    if row is None:
        raise NotFound("There is no such document.")
    if row[0] == viewer.person_id:
        raise Forbidden("You cannot put your own certificate right. Ask a colleague.")
    person = session.get_one(Person, row[0], with_for_update=True, populate_existing=True)
    certificate = session.get_one(Certificate, row[1], with_for_update=True, populate_existing=True)
    documents = session.scalars(
        select(Document)
        .where(Document.certificate_id == certificate.id)
        .order_by(Document.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return person, certificate, documents.all()


def _of_id(documents: Sequence[Document], document_id: int) -> Document:
    for document in documents:
        if document.id == document_id:
            return document
    raise NotFound("There is no such document.")
