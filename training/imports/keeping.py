"""What imports keep of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import retention
from training.imports.models import ImportedPerson, Upload
from training.imports.services import KEPT_FOR
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return the lists of the last day in which the person stood."""
    return (KeptSection("imports", _("Lists you stood in"), list(_lists(session, person_id))),)


def _lists(session: Session, person_id: int) -> Iterator[Kept]:
    query = (
        select(ImportedPerson, Upload)
        .join(Upload, Upload.id == ImportedPerson.upload_id)
        .where(ImportedPerson.person_id == person_id)
        .order_by(Upload.id)
    )
    for row, upload in session.execute(query):
        value = _("you were added") if row.created else _("your record was looked at or changed")
        label, until = _("List of people that was sent in"), retention.days(KEPT_FOR.days)
        by, at = upload.uploaded_by_id, upload.uploaded_at
        yield Kept("list", label, value, by, at, until, {"fields": row.fields})
