"""The worker's job: render what is wanted, outside transactions, and store it."""

import logging
from datetime import date
from urllib.parse import urlsplit

from certificates.register import issued_log, stored
from certificates.register.document import CertificateData, Component, DocumentBlocked, render
from certificates.register.models import Certificate
from training import clock, db, installation

log = logging.getLogger(__name__)


def make_documents() -> None:
    """Make every wanted document; one that cannot be made is blocked with its reason."""
    base_url = installation.settings().base_url
    while waiting := stored.wanted(db.session()):
        # Values, because the first transaction takes the rows out of reach.
        ordered = [(d.id, d.language, data_of(d.certificate, base_url)) for d in waiting]
        for document_id, language, data in ordered:
            _make(document_id, language, data)
        db.session().rollback()


def _make(document_id: int, language: str, data: CertificateData) -> None:
    try:
        pdf = render(data, language)
    except DocumentBlocked as error:
        with db.transaction() as session:
            stored.block(session, document_id, error.reason, error.remedy)
    else:
        with db.transaction() as session:
            digest = stored.store(session, document_id, pdf, at=clock.now())
            if digest is not None:
                issued_log.append(installation.settings().data, data.number, digest)


def verify_url(base_url: str, number: str, code: str) -> str:
    """Return the address in the QR code, in capitals so that the code stays coarse."""
    return f"{base_url}/V/{number}/{code}".upper()


def data_of(certificate: Certificate, base_url: str) -> CertificateData:
    """Return what is printed; everything comes from the frozen row."""
    address = urlsplit(base_url)
    return CertificateData(
        number=certificate.number,
        code=certificate.code,
        holder_name=certificate.holder_name or "",
        native_name=certificate.native_name,
        rank=certificate.rank,
        course_titles=certificate.course_title,
        version=certificate.version,
        minutes=certificate.minutes,
        modules=tuple(certificate.module_titles),
        partial=certificate.partial,
        organisation=certificate.organisation,
        achieved_on=certificate.achieved_on,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        components=tuple(
            Component(part["title"], date.fromisoformat(str(part["valid_until"])))
            for part in certificate.components
        ),
        verify_url=verify_url(base_url, certificate.number, certificate.code),
        verify_page=f"{address.netloc}{address.path}/verify",
        approved_by=certificate.approved_by,
        approved_on=certificate.approved_on,
        demonstration=certificate.demonstration,
    )
