"""The worker's jobs: certificates that waited; and documents, drawn outside transactions."""

import logging
import traceback
from urllib.parse import urlsplit

from certificates.register import fonts, issued_log, late, stored
from certificates.register.document import CertificateData, DocumentBlocked, render
from certificates.register.models import Certificate
from training import clock, db, installation
from training.errors import spoken

log = logging.getLogger(__name__)


def make_documents() -> None:
    """Make every wanted document; one that cannot be made is blocked with its reason."""
    after = 0
    # By key, so that a document which this run could not settle waits for the next one.
    while waiting := stored.wanted(db.session(), after):
        for document_id in waiting:
            _make(document_id)
        after = waiting[-1]
        db.session().rollback()


def make_late() -> None:
    """Make the certificates of those who passed before their version was approved."""
    if installation.settings().demonstration:
        return  # There a pass gives one at once, whoever approved what.
    for completion_id in late.waiting(db.session()):
        with db.transaction() as session:
            late.issue(session, completion_id, at=clock.now())


def _make(document_id: int) -> None:
    found = stored.to_draw(db.session(), document_id)
    if found is None:
        return
    certificate, language = found
    # Values, because the transaction takes the rows out of reach.
    number, confirmation = certificate.number, certificate.confirmation
    try:
        pdf = _drawn(document_id, certificate, language)
    except DocumentBlocked as error:
        with db.transaction() as session:
            stored.block(session, document_id, confirmation, error.reason, error.remedy)
    else:
        with db.transaction() as session:
            digest = stored.store(session, document_id, confirmation, pdf, at=clock.now())
            if digest is not None:
                issued_log.append(installation.settings().data, number, digest)


def _drawn(document_id: int, certificate: Certificate, language: str) -> bytes:
    """Return the PDF; whatever goes wrong blocks this document and none of the others."""
    try:
        return render(data_of(certificate, installation.settings().base_url), language)
    except DocumentBlocked:
        raise
    except Exception as error:  # noqa: BLE001 - one document must not stop all the others
        # Its message and its traceback may quote the name, so that the log gets neither.
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        log.error(  # noqa: TRY400 - see above
            "document %s could not be drawn: %s, %s:%s",
            document_id,
            kind,
            place.filename,
            place.lineno,
        )
        raise DocumentBlocked(
            spoken("The document could not be drawn."),
            " ".join(fonts.problems())
            or spoken("Report this to the administrator of the platform."),
        ) from None


def verify_url(base_url: str, number: str, code: str) -> str:
    """Return the address in the QR code, in capitals so that the code stays coarse.

    The path of an installation is kept as it is: only scheme and host may be written either way.
    """
    address = urlsplit(base_url)
    return f"{address.scheme}://{address.netloc}".upper() + f"{address.path}/V/{number}/{code}"


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
        components=certificate.parts,
        verify_url=verify_url(base_url, certificate.number, certificate.code),
        verify_page=f"{address.netloc}{address.path}/verify",
        approved_by=certificate.approved_by,
        approved_on=certificate.approved_on,
        demonstration=certificate.demonstration,
    )
