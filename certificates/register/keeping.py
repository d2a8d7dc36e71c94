"""What the register keeps of a person, for that person."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from certificates.register.reading import all_of
from training import i18n
from training.parts import Kept, KeptSection

FROZEN = (
    "number",
    "code",
    "holder_name",
    "native_name",
    "rank",
    "course_title",
    "version",
    "minutes",
    "organisation",
    "achieved_on",
    "valid_from",
    "valid_until",
    "components",
    "issued_at",
)


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return a person's certificates with their documents, and why one was withdrawn."""
    records = list(_certificates(session, person_id))
    return (KeptSection("certificates", _("Your certificates"), records),)


def _certificates(session: Session, person_id: int) -> Iterator[Kept]:
    for held in all_of(session, person_id, documents=True):
        row = held.certificate
        title = row.course_title[i18n.content_language()]
        value = _("%(title)s, valid until %(day)s", title=title, day=i18n.day(row.valid_until))
        by, at = _("The platform, when you passed the test"), row.issued_at or row.achieved_on
        yield Kept("certificate", row.number, value, by, at, None, _data(row))
        if (end := row.withdrawal) is not None:
            label = _("Why %(number)s was withdrawn or replaced", number=row.number)
            who = end.withdrawn_by_id or _("The platform")
            yield Kept("withdrawal", label, end.reason, who, end.withdrawn_at, None)


def _data(row: Certificate) -> dict[str, Any]:
    documents = [
        {"language": d.language, "state": d.state, "made_at": d.made_at, "sha256": d.sha256}
        for d in row.documents
    ]
    return {name: getattr(row, name) for name in FROZEN} | {"documents": documents}
