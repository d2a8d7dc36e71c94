"""Certificates from the pass to the wanted document, in the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from certificates.register import numbers
from certificates.register.models import Certificate, Document, DocumentState
from certificates.register.reading import ALWAYS, own
from modules.assignments.models import Assignment
from modules.catalogue.approvals import approval_of
from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import published
from modules.learning.models import Completion
from training import audit
from training.accounts import access
from training.accounts.models import Person
from training.errors import Invalid

DOCUMENT_LANGUAGES = ("en", "nl", "fr")


def prepare(
    session: Session, completion_id: int, *, demonstration: bool, at: datetime
) -> Certificate | None:
    """Make the certificate of a completion; None where its version may give none.

    Outside the demonstration that is a version nobody has approved, and a 0.x version, which is
    not the whole course and therefore meets no requirement.

    It gets its number and code at once. Its name is frozen when the holder has confirmed it,
    which may have been for an earlier certificate.
    """
    completion = _completion(session, completion_id)
    course = published(session, completion.course_version_id)
    person = completion.assignment.person
    approval = approval_of(session, course.id, person.organisation_id)
    if not demonstration and (approval is None or course.partial):
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


def confirm_name(
    session: Session,
    person_id: int,
    certificate_id: int,
    name: str,
    native_name: str | None = None,
    *,
    at: datetime,
) -> Certificate:
    """Freeze the names as their holder confirmed them and want the document; once is enough.

    Raises `Invalid` when a name shown is no longer the one on record.
    """
    # Locks go top-down: the person before the certificate, as where HR sends one back.
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    certificate = own(session, person_id, certificate_id, lock=True).certificate
    if certificate.issued_at is None:
        access.confirm_name(session, person_id, name, native_name, at=at)
        _issue(session, certificate, person, at)
    return certificate


def request_document(
    session: Session, person_id: int, certificate_id: int, language: str, *, at: datetime
) -> None:
    """Want one's own certificate in a further language."""
    certificate = own(session, person_id, certificate_id, lock=True).certificate
    if language not in DOCUMENT_LANGUAGES or certificate.issued_at is None:
        raise Invalid("language", "The certificate cannot be made in this language.")
    want(session, certificate.id, language, at=at)
