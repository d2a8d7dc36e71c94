"""Taking over what was planned: at once, or in batches behind one switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from training.accounts.models import Organisation
from training.errors import Invalid, spoken
from training.imports import around, services
from training.imports.entries import Entry
from training.imports.models import (
    ImportedPerson,
    SetAside,
    Upload,
    UploadContent,
    UploadState,
)
from training.imports.planning import Kind, Planned
from training.imports.subjects import Subject
from training.orm import insert_once
from training.permissions import Viewer

TRIES = 5
ON_PURPOSE = spoken("Set aside on purpose.")


@dataclass(frozen=True)
class Seen:
    """What somebody saw when they said yes: the rows, and how they were to be read."""

    rows: Sequence[Entry]
    planned: Sequence[Planned]
    taken: frozenset[str]
    how: tuple[Any, ...]


def look(session: Session, viewer: Viewer, subject: Subject, upload_id: int) -> Seen:
    """Read and plan an import before the transaction that takes it over."""
    upload = services.own(session, viewer, subject, upload_id)
    if upload.state is not UploadState.OPEN:
        return Seen((), (), frozenset(), ())
    if not upload.mapping:
        raise Invalid("mapping", "Say first what the columns hold.")
    rows = services.entries_of(session, subject, upload)
    planned = subject.planner(session, upload, viewer.person_id).plan(rows)
    return Seen(rows, planned, around.taken_names(session), _how(upload))


def _how(upload: Upload) -> tuple[Any, ...]:
    return upload.sheet, upload.mapping, upload.choices, upload.decisions


def apply(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    upload_id: int,
    seen: Seen,
    choices: Mapping[str, str],
    *,
    at: datetime,
) -> Upload:
    """Take over every row that was not set aside; again changes nothing.

    `choices` are made with the yes itself. More rows than are taken over at once are left to
    `go_on`. Raises `Invalid` while a row is undecided.
    """
    upload = services.own(session, viewer, subject, upload_id, lock=True)
    if upload.state is not UploadState.OPEN:
        return upload
    if _how(upload) != seen.how:
        raise Invalid("rows", "Somebody has changed this import meanwhile. Look at it again.")
    planned, at_once = seen.planned, len(seen.rows) <= subject.at_once
    if at_once:
        _hold(session, upload)
        planner = subject.planner_of(session, upload, viewer.person_id, seen.rows, seen.taken)
        planned = planner.plan(seen.rows)
    if any(row.open for row in planned):
        raise Invalid("rows", "Some rows still need a decision. Decide on each, or set it aside.")
    upload.total, upload.state = len(seen.rows), UploadState.APPLYING
    upload.uploaded_by_id, upload.choices = viewer.person_id, upload.choices | dict(choices)
    if at_once:
        _take_over(session, subject, upload, seen.rows, seen.rows, seen.taken, at)
        _finish(session, subject, upload, seen.rows, at)
    return upload


def waiting(session: Session, subject: Subject) -> list[int]:
    """Return the imports that are under way, the oldest first."""
    query = select(Upload.id).where(
        Upload.state == UploadState.APPLYING, Upload.about == subject.about
    )
    return list(session.scalars(query.order_by(Upload.id)))


def rows_of(session: Session, subject: Subject, upload_id: int) -> list[Entry]:
    """Read the rows of an import under way, before any transaction."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.state is not UploadState.APPLYING:
        return []
    return services.entries_of(session, subject, upload)


def go_on(
    session: Session,
    subject: Subject,
    upload_id: int,
    rows: Sequence[Entry],
    taken: frozenset[str],
    *,
    at: datetime,
) -> bool:
    """Take over the next batch of these rows; tell whether the import is still under way.

    `taken` are the user names of before this transaction.
    """
    upload = session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None or upload.state is not UploadState.APPLYING:
        return False
    left = [entry for entry in rows if entry.row > upload.reached]
    _hold(session, upload)
    if left:
        _take_over(session, subject, upload, rows, left[: subject.batch], taken, at)
        return True
    _finish(session, subject, upload, rows, at)
    return False


def _hold(session: Session, upload: Upload) -> None:
    session.get_one(
        Organisation, upload.organisation_id, with_for_update=True, populate_existing=True
    )


def _take_over(
    session: Session,
    subject: Subject,
    upload: Upload,
    rows: Sequence[Entry],
    batch: Sequence[Entry],
    taken: frozenset[str],
    at: datetime,
) -> None:
    for remaining in reversed(range(TRIES)):
        planned = _planned(session, subject, upload, rows, batch, taken)
        try:
            with session.begin_nested():
                _set_aside(session, subject, upload, planned, at)
                subject.write(session, upload, planned, at, at_once=len(batch) == len(rows))
        except IntegrityError:
            # Another organisation has taken a user name meanwhile: then plan again.
            if not remaining:
                raise
            taken = around.taken_names(session)
        else:
            break
    upload.reached = batch[-1].row if batch else upload.reached
    upload.created += sum(row.kind is Kind.NEW for row in planned)
    upload.changed += sum(row.kind is Kind.CHANGED for row in planned)
    upload.unchanged += sum(row.kind is Kind.UNCHANGED for row in planned)
    upload.set_aside += sum(row.open or row.kind is Kind.ASIDE for row in planned)


def _planned(
    session: Session,
    subject: Subject,
    upload: Upload,
    rows: Sequence[Entry],
    batch: Sequence[Entry],
    taken: frozenset[str],
) -> Sequence[Planned]:
    looked_at = rows if subject.whole else batch
    planner = subject.planner_of(session, upload, upload.uploaded_by_id, looked_at, taken)
    numbers = {entry.row for entry in batch}
    return [row for row in planner.plan(looked_at) if row.entry.row in numbers]


def _set_aside(
    session: Session, subject: Subject, upload: Upload, planned: Sequence[Planned], at: datetime
) -> None:
    rows = [
        {
            "organisation_id": upload.organisation_id,
            "about": subject.about,
            "digest": subject.digest(upload, row.entry),
            "row": row.entry.row,
            "cells": dict(row.entry.cells),
            "field": row.wrong,
            "reason": row.reason or ON_PURPOSE,
            "set_aside_by_id": upload.uploaded_by_id,
            "set_aside_at": at,
        }
        for row in planned
        if row.open or row.kind is Kind.ASIDE
    ]
    if rows:
        session.execute(insert_once(session, SetAside), rows)


def _finish(
    session: Session, subject: Subject, upload: Upload, rows: Sequence[Entry], at: datetime
) -> None:
    subject.finish(session, upload, rows, at)
    upload.state, upload.decisions = UploadState.DONE, {}
    session.execute(delete(ImportedPerson).where(ImportedPerson.upload_id == upload.id))
    session.execute(delete(UploadContent).where(UploadContent.upload_id == upload.id))
