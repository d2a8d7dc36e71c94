"""Everything the features keep of a person, put together: for the page, the JSON and the PDF."""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import retention
from training.accounts.models import Organisation, Person
from training.clock import day_at
from training.expiry import registry, services
from training.parts import Kept, registered

FORMAT = "mission-training/what-we-keep/1"


@dataclass(frozen=True)
class Line:
    """One thing that is kept, as it is shown."""

    kept: Kept
    by: str
    on: date | None
    until: str


@dataclass(frozen=True)
class Section:
    """What is kept under one heading."""

    key: str
    heading: str
    lines: Sequence[Line]


def collect(session: Session, person_id: int, *, at: datetime) -> list[Section]:
    """Return all that the features keep of a person, lowest feature first; empty ones left out."""
    parts = (part.export(session, person_id) for part in registered() if part.export)
    found = [section for sections in parts for section in sections if section.records]
    names = _names(session, {kept.by for section in found for kept in section.records})
    names[person_id] = _("You")
    home = _home(session, person_id)
    until = _until(session, person_id, home, at)
    return [
        Section(s.key, s.heading, [_line(kept, names, home, until) for kept in s.records])
        for s in found
    ]


def _until(session: Session, person_id: int, home: Organisation, at: datetime) -> str:
    ending = services.endings(session, [person_id], registry.erasures(), at=at)[person_id]
    return retention.records(home.keep_records_years, ending.day)


def _names(session: Session, who: set[int | str]) -> dict[int | str, str]:
    query = select(Person.id, Person.printed_name)
    ids = [one for one in who if isinstance(one, int)]
    rows = session.execute(query.where(Person.id.in_(ids), Person.removed_at.is_(None)))
    return {person_id: name for person_id, name in rows}  # noqa: C416


def _home(session: Session, person_id: int) -> Organisation:
    query = select(Organisation).join(Person, Person.organisation_id == Organisation.id)
    return session.scalars(query.where(Person.id == person_id)).one()


def _line(kept: Kept, names: Mapping[int | str, str], home: Organisation, records: str) -> Line:
    on = day_at(kept.at, home.time_zone) if isinstance(kept.at, datetime) else kept.at
    unknown = _("Your organisation") if isinstance(kept.by, int) else kept.by
    until = records if kept.until is None else kept.until
    return Line(kept, names.get(kept.by, unknown), on, until)


def as_json(sections: Sequence[Section], made_at: datetime, language: str) -> str:
    """Return it all as one document whose keys no language changes."""
    document = {
        "format": FORMAT,
        "made_at": made_at,
        "language": language,
        "sections": [
            {"key": s.key, "heading": s.heading, "records": [_record(line) for line in s.lines]}
            for s in sections
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


def _record(line: Line) -> dict[str, Any]:
    kept = line.kept
    return {
        "key": kept.key,
        "label": kept.label,
        "value": kept.value,
        "entered_by": line.by,
        "at": kept.at,
        "kept_until": line.until,
        "data": kept.data,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    msg = f"cannot be written as JSON: {type(value).__name__}"
    raise TypeError(msg)
