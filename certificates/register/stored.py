"""Documents: wanted, made once, or blocked with a reason; in the caller's transaction."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.register.models import (
    Certificate,
    Document,
    DocumentContent,
    DocumentState,
    Withdrawal,
)
from certificates.register.reading import ALWAYS
from training.mail import services as outbox
from training.mail.services import Wish

AT_ONCE = 50
MAIL = "certificate_ready"
Confirmation = tuple[object, ...]


def wanted(session: Session, after: int) -> list[int]:
    """Return the ids of the next documents to be made, the oldest wish first."""
    query = (
        select(Document.id)
        .join(Document.certificate)
        .where(
            Document.state == DocumentState.WANTED,
            Document.id > after,
            Certificate.issued_at.is_not(None),
        )
    )
    return list(session.scalars(query.order_by(Document.id).limit(AT_ONCE)))


def to_draw(session: Session, document_id: int) -> tuple[Certificate, str] | None:
    """Return the certificate and the language of a document; None when nobody wants it now."""
    row = session.execute(
        select(Certificate, Document.language)
        .join(Document, Document.certificate_id == Certificate.id)
        .where(Document.id == document_id, Document.state == DocumentState.WANTED)
    ).first()
    return None if row is None else (row[0], row[1])


def store(
    session: Session,
    document_id: int,
    confirmation: Confirmation,
    pdf: bytes,
    *,
    at: datetime,
) -> str | None:
    """Keep a document as it was made of this confirmation and return its digest.

    What came too late is dropped: a second maker's work, or one of a name that HR has sent back
    meanwhile. Then there is no digest.
    """
    document = _still_wanted(session, document_id, confirmation)
    if document is None:
        return None
    document.state = DocumentState.READY
    document.made_at = at
    document.size = len(pdf)
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.reason = document.remedy = None
    session.add(DocumentContent(document_id=document_id, data=pdf))
    session.flush()
    person_id = session.get_one(Certificate, document.certificate_id).person_id
    # The first one, so that each certificate is told of once.
    if document.language == ALWAYS and person_id is not None:
        wish = Wish(person_id, document.certificate_id, {"id": str(document.certificate_id)})
        outbox.queue(session, MAIL, [wish], at=at)
    return document.sha256


def block(
    session: Session,
    document_id: int,
    confirmation: Confirmation,
    reason: str,
    remedy: str,
) -> None:
    """Note why a document cannot be made, for HR to remedy; the pass stands."""
    document = _still_wanted(session, document_id, confirmation)
    if document is not None:
        document.state = DocumentState.BLOCKED
        document.reason, document.remedy = reason, remedy


def _still_wanted(
    session: Session, document_id: int, confirmation: Confirmation
) -> Document | None:
    """Lock a document below its certificate; None when it is not wanted as it was drawn."""
    query = select(Document.certificate_id).where(Document.id == document_id)
    certificate_id = session.scalar(query)
    if certificate_id is None:
        return None
    certificate = session.get(
        Certificate, certificate_id, with_for_update=True, populate_existing=True
    )
    document = session.get(Document, document_id, with_for_update=True, populate_existing=True)
    if certificate is None or document is None or document.certificate_id != certificate_id:
        return None
    as_drawn = certificate.confirmation == confirmation
    return document if as_drawn and document.state is DocumentState.WANTED else None


def waiting_since(session: Session) -> datetime | None:
    """Return when the oldest document that is still to be made was asked for."""
    query = select(func.min(Document.wanted_at)).where(Document.state == DocumentState.WANTED)
    return session.scalar(query)


def counts(session: Session, certificate_id: int) -> bool:
    """Tell whether there is such a certificate and nobody has withdrawn it."""
    query = select(Certificate.id).outerjoin(Certificate.withdrawal)
    query = query.where(Certificate.id == certificate_id, Withdrawal.id.is_(None))
    return session.scalar(query) is not None


def counted(session: Session) -> Mapping[DocumentState, int]:
    """Return how many documents are in each state that still asks for work."""
    open_states = (DocumentState.WANTED, DocumentState.BLOCKED)
    query = select(Document.state, func.count()).where(Document.state.in_(open_states))
    rows = session.execute(query.group_by(Document.state))
    return dict.fromkeys(open_states, 0) | {state: number for state, number in rows}  # noqa: C416
