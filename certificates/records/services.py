"""HR finds a person or a certificate; every reading is written down by its transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from certificates.records import finding
from certificates.register.models import Certificate, Document, DocumentContent
from training import audit
from training.accounts.models import Person
from training.accounts.services import PAGE, matching, page_of, within
from training.errors import NotFound
from training.missions.models import Deployment
from training.permissions import Permission, Viewer

READ = Permission.READ_RECORDS


def find_people(
    session: Session, viewer: Viewer, typed: str, after_id: int | None, *, at: datetime
) -> list[Person]:
    """Return one page of people by name, and one more when there is a next page."""
    found = page_of(session, matching(within(viewer, READ), finding.words(typed)), after_id)
    _record(session, viewer, "records.searched", None, at, found=min(len(found), PAGE))
    return found


def holder_of(session: Session, viewer: Viewer, number: str) -> tuple[int, int] | None:
    """Return the ids of the holder and the certificate, where the viewer may open both."""
    people = within(viewer, READ).with_only_columns(Person.id)
    row = session.execute(
        select(Person.id, Certificate.id)
        .join(Person, Person.id == Certificate.person_id)
        .where(Certificate.number == number, Person.id.in_(people))
    ).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True)
class Subject:
    """A person whose record is open, with the day it is judged on unless one is chosen."""

    person: Person
    next_start: date | None


def opened(
    session: Session, viewer: Viewer, person_id: int, today: date, *, at: datetime, action: str
) -> Subject:
    """Open a person's record. Raises `NotFound` for anybody of another organisation."""
    start = (
        select(Deployment.starts_on)
        .where(Deployment.person_id == person_id, Deployment.starts_on >= today)
        .order_by(Deployment.starts_on)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        within(viewer, READ)
        .where(Person.id == person_id)
        .join(Person.organisation)
        .outerjoin(Person.unit)
        .options(contains_eager(Person.organisation), contains_eager(Person.unit))
        .add_columns(start)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound("There is no such person.")
    _record(session, viewer, action, person_id, at)
    return Subject(row[0], row[1])


def document(
    session: Session, viewer: Viewer, certificate_id: int, language: str, *, at: datetime
) -> tuple[str, str, bytes]:
    """Return number, digest and bytes of a document which the viewer's organisation issued.

    Raises `NotFound` until it is ready, and for any other organisation's.
    """
    query = (
        select(Certificate.number, Document.sha256, DocumentContent.data, Certificate.person_id)
        .join(Document, Document.certificate_id == Certificate.id)
        .join(DocumentContent, DocumentContent.document_id == Document.id)
        .where(Certificate.id == certificate_id, Document.language == language)
    )
    organisations = viewer.organisations(READ)
    if organisations is not None:
        query = query.where(Certificate.organisation_id.in_(organisations))
    row = session.execute(query).first()
    if row is None:
        raise NotFound("There is no such document.")
    _record(session, viewer, "document.read", row[3], at, certificate=certificate_id)
    return row[0], row[1] or "", row[2]


def _record(
    session: Session,
    viewer: Viewer,
    action: str,
    person_id: int | None,
    at: datetime,
    **detail: object,
) -> None:
    audit.record(session, action, "person", person_id, actor_id=viewer.person_id, at=at, **detail)
