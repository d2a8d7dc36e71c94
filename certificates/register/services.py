"""Certificates from the pass to the stored document, in the caller's transaction."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from certificates.register import numbers
from certificates.register.models import (
    Certificate,
    Document,
    DocumentContent,
    DocumentState,
)
from modules.assignments.models import Assignment
from modules.catalogue.services import published
from modules.learning.models import Completion
from training import audit
from training.accounts import access
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import DomainError, Invalid, NotFound
from training.permissions import Permission, Viewer

DOCUMENT_LANGUAGES = ("en", "nl", "fr")
ALWAYS = "en"
AT_ONCE = 50


class AlreadyPrinted(DomainError):
    """A document exists, so the certificate cannot change any more."""


def prepare(
    session: Session, completion_id: int, *, demonstration: bool, at: datetime
) -> Certificate | None:
    """Make the certificate of a completion; None for content nobody has approved.

    It gets its number and code at once. Its name is frozen when the holder has confirmed it,
    which may have been for an earlier certificate.
    """
    completion = session.scalars(
        select(Completion)
        .where(Completion.id == completion_id)
        .options(
            selectinload(Completion.components),
            joinedload(Completion.assignment)
            .joinedload(Assignment.person)
            .joinedload(Person.organisation),
        )
    ).one()
    course = published(session, completion.course_version_id)
    if course.approved_on is None and not demonstration:
        return None
    person = completion.assignment.person
    certificate = Certificate(
        completion_id=completion.id,
        person_id=person.id,
        course_id=course.course_id,
        number=numbers.new_number(),
        code=numbers.new_code(),
        course_title=dict(course.title),
        version=course.version,
        minutes=completion.minutes,
        module_titles=[
            {language: f"{m.code} {title}" for language, title in m.title.items()}
            for m in course.modules
        ],
        partial=course.partial,
        organisation=person.organisation.name,
        approved_by=course.approved_by,
        approved_on=course.approved_on,
        achieved_on=completion.achieved_on,
        valid_from=completion.achieved_on,
        valid_until=completion.valid_until,
        components=[
            {
                "component": part.component,
                "title": part.title,
                "valid_until": part.valid_until.isoformat(),
            }
            for part in completion.components
        ],
        demonstration=demonstration,
    )
    session.add(certificate)
    session.flush()
    if person.confirmed_name == person.printed_name:
        _issue(session, certificate, person, at)
    return certificate


def _issue(session: Session, certificate: Certificate, person: Person, at: datetime) -> None:
    certificate.holder_name = person.printed_name
    certificate.native_name = person.native_name
    certificate.rank = person.rank
    certificate.issued_at = at
    session.flush()
    want(session, certificate.id, ALWAYS, at=at)
    audit.record(
        session,
        "certificate.issued",
        "certificate",
        certificate.id,
        actor_id=person.id,
        at=at,
    )


def want(session: Session, certificate_id: int, language: str, *, at: datetime) -> None:
    """Ask for the document in a language; asking again changes nothing."""
    found = session.scalars(
        select(Document).where(
            Document.certificate_id == certificate_id, Document.language == language
        )
    ).first()
    if found is None:
        session.add(
            Document(
                certificate_id=certificate_id,
                language=language,
                state=DocumentState.WANTED,
                wanted_at=at,
            )
        )
        session.flush()


def own(
    session: Session, person_id: int, certificate_id: int, *, lock: bool = False
) -> Certificate:
    """Return a person's certificate with its documents. Raises `NotFound` for others' ids."""
    query = (
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.person_id == person_id)
        .options(
            selectinload(Certificate.documents),
            selectinload(Certificate.withdrawal),
            selectinload(Certificate.completion),
        )
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    certificate = session.scalars(query).first()
    if certificate is None:
        raise NotFound("There is no such certificate.")
    return certificate


def all_of(session: Session, person_id: int) -> list[Certificate]:
    """Return every certificate of a person, the newest first."""
    query = (
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .outerjoin(Certificate.withdrawal)
        .join(Certificate.completion)
        .options(contains_eager(Certificate.withdrawal), contains_eager(Certificate.completion))
    )
    return list(
        session.scalars(query.order_by(Certificate.achieved_on.desc(), Certificate.id.desc()))
    )


def confirm_name(
    session: Session, person_id: int, certificate_id: int, name: str, *, at: datetime
) -> Certificate:
    """Freeze the name as its holder confirmed it and want the document; once is enough.

    Raises `Invalid` when the name shown is no longer the one on record.
    """
    certificate = own(session, person_id, certificate_id, lock=True)
    if certificate.issued_at is None:
        access.confirm_name(session, person_id, name, at=at)
        _issue(session, certificate, session.get_one(Person, person_id), at)
    return certificate


def request_document(
    session: Session, person_id: int, certificate_id: int, language: str, *, at: datetime
) -> None:
    """Want one's own certificate in a further language."""
    certificate = own(session, person_id, certificate_id, lock=True)
    if language not in DOCUMENT_LANGUAGES or certificate.issued_at is None:
        raise Invalid("language", "The certificate cannot be made in this language.")
    want(session, certificate.id, language, at=at)


def content(
    session: Session, person_id: int, certificate_id: int, language: str
) -> tuple[Certificate, Document, bytes]:
    """Return one's own document as it was issued. Raises `NotFound` until it is ready."""
    row = session.execute(
        select(Certificate, Document, DocumentContent.data)
        .join(Document, Document.certificate_id == Certificate.id)
        .join(DocumentContent, DocumentContent.document_id == Document.id)
        .where(
            Certificate.id == certificate_id,
            Certificate.person_id == person_id,
            Document.language == language,
        )
    ).first()
    if row is None:
        raise NotFound("There is no such document.")
    return row[0], row[1], row[2]


def wanted(session: Session) -> list[Document]:
    """Return the documents to be made, the oldest wish first."""
    query = (
        select(Document)
        .where(Document.state == DocumentState.WANTED)
        .options(joinedload(Document.certificate))
    )
    return list(session.scalars(query.order_by(Document.id).limit(AT_ONCE)))


def store(session: Session, document_id: int, pdf: bytes, *, at: datetime) -> None:
    """Keep a document as it was made; a second maker's work is dropped."""
    document = session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
    if document.state is DocumentState.READY:
        return
    document.state = DocumentState.READY
    document.made_at = at
    document.size = len(pdf)
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.reason = document.remedy = None
    session.add(DocumentContent(document_id=document_id, data=pdf))


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


def contradictions(session: Session) -> list[str]:
    """Return a sentence for each stored document whose bytes are not those that were issued."""
    found = []
    rows = session.execute(
        select(Document.id, Document.sha256, DocumentContent.data)
        .outerjoin(DocumentContent, DocumentContent.document_id == Document.id)
        .where(Document.state == DocumentState.READY)
        .execution_options(yield_per=100)
    )
    for document_id, sha256, data in rows:
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            found.append(f"Document {document_id} is not what was issued.")
    return found
