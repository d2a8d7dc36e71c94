"""Certificates from the pass to the stored document, in the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from certificates.register import numbers
from certificates.register.models import (
    Certificate,
    Document,
    DocumentContent,
    DocumentState,
)
from certificates.register.newer import has_newer
from certificates.register.state import Held
from modules.assignments.models import Assignment
from modules.catalogue.approvals import approval_of
from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import published
from modules.learning.models import Completion
from training import audit
from training.accounts import access
from training.accounts.models import Person
from training.errors import Invalid, NotFound

DOCUMENT_LANGUAGES = ("en", "nl", "fr")
ALWAYS = "en"


def prepare(
    session: Session, completion_id: int, *, demonstration: bool, at: datetime
) -> Certificate | None:
    """Make the certificate of a completion; None for content nobody has approved.

    It gets its number and code at once. Its name is frozen when the holder has confirmed it,
    which may have been for an earlier certificate.
    """
    completion = _completion(session, completion_id)
    course = published(session, completion.course_version_id)
    person = completion.assignment.person
    approval = approval_of(session, course.id, person.organisation_id)
    if approval is None and not demonstration:
        return None
    certificate = Certificate(
        completion_id=completion.id,
        person_id=person.id,
        course_id=course.course_id,
        number=numbers.new_number(),
        code=numbers.new_code(),
        organisation=person.organisation.name,
        organisation_id=person.organisation_id,
        demonstration=demonstration,
        approved_by=approval and approval.function,
        approved_on=approval and approval.approved_on,
        **_of_course(course),
        **_of_completion(completion),
    )
    session.add(certificate)
    session.flush()
    if person.confirmed_name == person.printed_name:
        _issue(session, certificate, person, at)
    return certificate


def _completion(session: Session, completion_id: int) -> Completion:
    query = (
        select(Completion)
        .where(Completion.id == completion_id)
        .options(
            selectinload(Completion.components),
            joinedload(Completion.assignment)
            .joinedload(Assignment.person)
            .joinedload(Person.organisation),
        )
    )
    return session.scalars(query).one()


def _of_course(course: PublishedCourse) -> dict[str, Any]:
    return {
        "course_title": dict(course.title),
        "version": course.version,
        "module_titles": [
            {language: f"{m.code} {title}" for language, title in m.title.items()}
            for m in course.modules
        ],
        "partial": course.partial,
    }


def _of_completion(completion: Completion) -> dict[str, Any]:
    return {
        "minutes": completion.minutes,
        "achieved_on": completion.achieved_on,
        "valid_from": completion.achieved_on,
        "valid_until": completion.valid_until,
        "components": [
            {
                "component": part.component,
                "title": part.title,
                "valid_until": part.valid_until.isoformat(),
            }
            for part in completion.components
        ],
    }


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


# Built once: putting the statement together costs more than running it.
_HELD = (
    select(Certificate, has_newer())
    .outerjoin(Certificate.withdrawal)
    .join(Certificate.completion)
    .options(
        contains_eager(Certificate.withdrawal),
        contains_eager(Certificate.completion),
    )
)
_OF_PERSON = _HELD.where(Certificate.person_id == bindparam("holder")).order_by(
    Certificate.achieved_on.desc(), Certificate.id.desc()
)
_WITH_DOCUMENTS = _OF_PERSON.options(selectinload(Certificate.documents))
_OWN = _HELD.where(
    Certificate.id == bindparam("wanted"), Certificate.person_id == bindparam("holder")
).options(selectinload(Certificate.documents))
_OWN_HELD = _OWN.with_for_update(of=Certificate).execution_options(populate_existing=True)


def own(session: Session, person_id: int, certificate_id: int, *, lock: bool = False) -> Held:
    """Return a person's certificate with its documents. Raises `NotFound` for others' ids."""
    query = _OWN_HELD if lock else _OWN
    row = session.execute(query, {"holder": person_id, "wanted": certificate_id}).first()
    if row is None:
        raise NotFound("There is no such certificate.")
    return Held(*row)


def all_of(session: Session, person_id: int, *, documents: bool = False) -> list[Held]:
    """Return every certificate of a person, the newest first, if wanted with its documents."""
    query = _WITH_DOCUMENTS if documents else _OF_PERSON
    return [Held(*row) for row in session.execute(query, {"holder": person_id})]


def papers(session: Session, person_id: int) -> list[tuple[str, bool]]:
    """Return the number of each certificate of a person, and whether its PDF was made."""
    made = exists().where(
        Document.certificate_id == Certificate.id,
        Document.language == ALWAYS,
        Document.state == DocumentState.READY,
    )
    query = select(Certificate.number, made).where(Certificate.person_id == person_id)
    return [(number, there) for number, there in session.execute(query.order_by(Certificate.id))]


def confirm_name(
    session: Session, person_id: int, certificate_id: int, name: str, *, at: datetime
) -> Certificate:
    """Freeze the name as its holder confirmed it and want the document; once is enough.

    Raises `Invalid` when the name shown is no longer the one on record.
    """
    certificate = own(session, person_id, certificate_id, lock=True).certificate
    if certificate.issued_at is None:
        access.confirm_name(session, person_id, name, at=at)
        _issue(session, certificate, session.get_one(Person, person_id), at)
    return certificate


def request_document(
    session: Session, person_id: int, certificate_id: int, language: str, *, at: datetime
) -> None:
    """Want one's own certificate in a further language."""
    certificate = own(session, person_id, certificate_id, lock=True).certificate
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
