"""Certificates as they are looked up: by their holder, or by anybody who has a number."""

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from certificates.register.newer import has_newer
from certificates.register.state import Held
from training.errors import NotFound

ALWAYS = "en"

# Built once: putting the statement together costs more than running it.
_HELD = (
    select(Certificate, has_newer())
    .outerjoin(Certificate.withdrawal)
    .outerjoin(Certificate.completion)
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
_NUMBERED = _HELD.where(Certificate.number == bindparam("number"))


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


def numbered(session: Session, number: str) -> Held | None:
    """Return the certificate of this number, whoever asks."""
    row = session.execute(_NUMBERED, {"number": number}).first()
    return None if row is None else Held(*row)


def papers(session: Session, person_id: int) -> list[tuple[str, bool]]:
    """Return the number of each certificate of a person, and whether its PDF was made."""
    made = exists().where(
        Document.certificate_id == Certificate.id,
        Document.language == ALWAYS,
        Document.state == DocumentState.READY,
    )
    query = select(Certificate.number, made).where(Certificate.person_id == person_id)
    return [(number, there) for number, there in session.execute(query.order_by(Certificate.id))]


def content(
    session: Session, person_id: int, certificate_id: int, language: str
) -> tuple[str, str, bytes]:
    """Return number, digest and bytes of one's own document, or raise `NotFound` until ready."""
    row = session.execute(
        select(Certificate.number, Document.sha256, DocumentContent.data)
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
    return row[0], row[1] or "", row[2]
