"""The years of a person are over: their certificates stay, and lead to nobody any more."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Document, DocumentContent, Withdrawal
from modules.learning.models import Completion
from training.expiry import rows


def erase(session: Session, person_id: int, at: datetime) -> None:
    """Cut the link from each certificate to its holder and completion; unissued ones go.

    What is verified stays: the paper as issued, and whether it was withdrawn or replaced. Why it
    was is not public, and goes.
    """
    _forget_unissued(session, person_id)
    theirs = select(Certificate.id).where(Certificate.person_id == person_id)
    _keep_annulled(session, person_id, at)
    reasons = update(Withdrawal).where(Withdrawal.certificate_id.in_(theirs)).values(reason="")
    cut = update(Certificate).where(Certificate.person_id == person_id)
    for change in (reasons, cut.values(person_id=None, completion_id=None)):
        session.execute(change.execution_options(synchronize_session=False))


def _forget_unissued(session: Session, person_id: int) -> None:
    unissued = select(Certificate.id).where(
        Certificate.person_id == person_id, Certificate.issued_at.is_(None)
    )
    documents = select(Document.id).where(Document.certificate_id.in_(unissued))
    for gone in (
        delete(DocumentContent).where(DocumentContent.document_id.in_(documents)),
        delete(Document).where(Document.certificate_id.in_(unissued)),
        delete(Withdrawal).where(Withdrawal.certificate_id.in_(unissued)),
        # What it was to replace is withdrawn as well without it.
        update(Withdrawal)
        .where(Withdrawal.replaced_by_id.in_(unissued))
        .values(replaced_by_id=None),
        delete(Certificate).where(Certificate.id.in_(unissued)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))


def _keep_annulled(session: Session, person_id: int, at: datetime) -> None:
    """Withdraw what is invalid only because its completion, which goes, was annulled."""
    query = (
        select(Certificate.id)
        .join(Completion, Completion.id == Certificate.completion_id)
        .where(
            Certificate.person_id == person_id,
            Completion.annulled_on.is_not(None),
            ~exists().where(Withdrawal.certificate_id == Certificate.id),
        )
    )
    for certificate_id in session.scalars(query).all():
        session.add(Withdrawal(certificate_id=certificate_id, reason="", withdrawn_at=at))
    session.flush()


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed to whom a certificate still leads."""
    return rows.left(session, Certificate.person_id)
