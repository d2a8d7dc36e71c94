"""What the headers of an organisation mean, remembered from one list to the next."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from training.accounts.names import fold
from training.imports.mapping import Sheet, Vocabulary, learned
from training.imports.models import KnownColumn
from training.imports.subjects import Subject

LONGEST = 200


def vocabulary(session: Session, organisation_id: int, subject: Subject) -> Vocabulary:
    """Return the words above columns, as this organisation uses them."""
    query = select(KnownColumn.header, KnownColumn.field).where(
        KnownColumn.organisation_id == organisation_id, KnownColumn.about == subject.about
    )
    return learned(subject.vocabulary, {row.header: row.field for row in session.execute(query)})


def remember(
    session: Session,
    organisation_id: int,
    subject: Subject,
    sheet: Sheet,
    mapping: Mapping[str, int],
) -> None:
    """Remember what the columns of a sheet were said to hold; of others nothing stays.

    The organisation is held by the caller, so that two lists do not write at once.
    """
    fields = {index: name for name, index in mapping.items()}
    headers: dict[str, str] = {}
    for column in sheet.columns:
        name = fold(column.header)
        if name and len(name) <= LONGEST:
            headers[name] = fields.get(column.index, "") or headers.get(name, "")
    session.execute(
        delete(KnownColumn).where(
            KnownColumn.organisation_id == organisation_id,
            KnownColumn.about == subject.about,
            KnownColumn.header.in_(headers),
        )
    )
    rows: list[dict[str, Any]] = [
        {
            "organisation_id": organisation_id,
            "about": subject.about,
            "header": header,
            "field": field,
        }
        for header, field in headers.items()
        if field
    ]
    if rows:
        session.execute(insert(KnownColumn), rows)
