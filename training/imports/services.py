"""Lists that are sent in: kept, mapped, planned. In the caller's transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training import audit
from training.accounts.models import Organisation
from training.clock import day_at
from training.errors import Forbidden, Invalid, NotFound
from training.imports import files, memory, stored
from training.imports.entries import Entry
from training.imports.mapping import Sheet, Vocabulary, best, understand
from training.imports.models import Upload, UploadContent, UploadState
from training.imports.planning import CHOICES, Kind, Planned
from training.imports.subjects import Subject
from training.permissions import Viewer

KEPT_FOR = timedelta(days=1)
TOKEN_LENGTHS = range(16, 65)


def organisation_of(viewer: Viewer, subject: Subject) -> int:
    """Return the organisation into which the viewer imports: their own."""
    allowed = viewer.organisations(subject.permission)
    if allowed is not None and viewer.organisation_id not in allowed:
        raise Forbidden("You can import lists into your own organisation only.")
    return viewer.organisation_id


def understood(data: bytes, vocabulary: Vocabulary, zone: str, at: datetime) -> list[Sheet]:
    """Read a file, outside any transaction. Raises `Invalid` for one that cannot be used."""
    today = day_at(at, zone)
    return [understand(table, vocabulary, today) for table in files.tables(data)]


def keep(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    token: str,
    data: bytes,
    sheets: list[Sheet],
    choices: Mapping[str, str],
    *,
    at: datetime,
) -> Upload:
    """Keep what was understood of a file; the same form sent twice is one import."""
    organisation_id = organisation_of(viewer, subject)
    if len(token) not in TOKEN_LENGTHS:
        raise Invalid("token", "Please open the page again and choose the file once more.")
    # Two that come at the same moment find each other by this lock.
    session.get_one(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    found = session.scalars(select(Upload).where(Upload.token == token)).first()
    if found is not None:
        return _within(viewer, subject, found)
    upload = Upload(
        organisation_id=organisation_id,
        about=subject.about,
        uploaded_by_id=viewer.person_id,
        token=token,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_at=at,
        sheet=best(sheets),
        choices=dict(choices),
    )
    session.add(upload)
    session.flush()
    session.add(UploadContent(upload_id=upload.id, data=stored.pack(sheets)))
    return upload


def own(
    session: Session, viewer: Viewer, subject: Subject, upload_id: int, *, lock: bool = False
) -> Upload:
    """Return an import of the viewer's organisation. Raises `NotFound` for any other."""
    found = session.get(
        Upload, upload_id, with_for_update=True if lock else None, populate_existing=lock
    )
    if found is None:
        raise NotFound("There is no such import. It may be older than a day.")
    return _within(viewer, subject, found)


def _within(viewer: Viewer, subject: Subject, upload: Upload) -> Upload:
    home = organisation_of(viewer, subject)
    if upload.organisation_id != home or upload.about is not subject.about:
        raise NotFound("There is no such import. It may be older than a day.")
    return upload


def opened(session: Session, viewer: Viewer, subject: Subject) -> list[Upload]:
    """Return the imports of the last day, the newest first."""
    home = organisation_of(viewer, subject)
    query = select(Upload).where(Upload.organisation_id == home, Upload.about == subject.about)
    return list(session.scalars(query.order_by(Upload.id.desc()).limit(20)))


def sheets_of(session: Session, upload: Upload) -> list[Sheet]:
    """Return the sheets of an import that is not done yet."""
    content = session.get(UploadContent, upload.id)
    if content is None:
        raise NotFound("This import is done, and its list is no longer kept.")
    return stored.unpack(content.data)


def choose(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    upload_id: int,
    sheet: int,
    mapping: Mapping[str, int],
    choices: Mapping[str, str],
) -> None:
    """Keep which column holds which field, for the next list as well.

    Raises `Invalid` when none holds what every row needs.
    """
    # The organisation first, as whoever applies a list holds it first.
    home = organisation_of(viewer, subject)
    session.get_one(Organisation, home, with_for_update=True, populate_existing=True)
    upload = own(session, viewer, subject, upload_id, lock=True)
    _refuse_begun(upload)
    sheets = sheets_of(session, upload)
    if sheet not in range(len(sheets)):
        raise Invalid("sheet", "There is no such sheet.")
    if len(sheets[sheet].rows) > subject.most:
        raise Invalid("sheet", "This list has too many rows. Split it, and send each part.")
    for fields, message in subject.needed:
        if not fields & set(mapping):
            raise Invalid("mapping", message)
    columns = list(mapping.values())
    if not set(columns) <= set(range(len(sheets[sheet].columns))):
        raise Invalid("mapping", "There is no such column.")
    if len(set(columns)) < len(columns):
        raise Invalid("mapping", "Each column can hold one thing only.")
    if upload.sheet != sheet:
        upload.decisions = {}
    upload.sheet, upload.choices = sheet, upload.choices | dict(choices)
    upload.mapping = {name: str(index) for name, index in mapping.items()}
    memory.remember(session, home, subject, sheets[sheet], mapping)


def decide(
    session: Session, viewer: Viewer, subject: Subject, upload_id: int, row: int, choice: str
) -> None:
    """Set a row aside, say whom it means, or take that back with an empty choice."""
    upload = own(session, viewer, subject, upload_id, lock=True)
    _refuse_begun(upload)
    if choice and choice not in CHOICES:
        raise Invalid("choice", "There is no such choice.")
    kept = {key: value for key, value in upload.decisions.items() if key != str(row)}
    upload.decisions = kept | ({str(row): choice} if choice else {})


def set_all_aside(session: Session, viewer: Viewer, subject: Subject, upload_id: int) -> None:
    """Set every row aside that has a problem; those that only ask stay."""
    upload = own(session, viewer, subject, upload_id, lock=True)
    _refuse_begun(upload)
    planned = plan(session, viewer, subject, upload)
    rows = [row.entry.row for row in planned if row.kind is Kind.PROBLEM]
    upload.decisions = upload.decisions | dict.fromkeys(map(str, rows), "aside")


def _refuse_begun(upload: Upload) -> None:
    if upload.state is not UploadState.OPEN:
        raise Invalid("state", "This import has begun and can no longer be changed.")


def entries_of(session: Session, subject: Subject, upload: Upload) -> list[Entry]:
    """Return the rows of the chosen sheet as entries."""
    sheet = sheets_of(session, upload)[upload.sheet]
    mapping = {name: int(index) for name, index in upload.mapping.items()}
    return subject.entries(sheet, mapping, upload)


def plan(session: Session, viewer: Viewer, subject: Subject, upload: Upload) -> Sequence[Planned]:
    """Return what would become of every row if the viewer took the list over at this moment."""
    planner = subject.planner(session, upload, viewer.person_id)
    return planner.plan(entries_of(session, subject, upload))


def discard(
    session: Session, viewer: Viewer, subject: Subject, upload_id: int, *, at: datetime
) -> None:
    """Forget a list that is not to be imported after all."""
    upload = own(session, viewer, subject, upload_id, lock=True)
    _refuse_begun(upload)
    session.execute(delete(UploadContent).where(UploadContent.upload_id == upload.id))
    session.delete(upload)
    audit.record(session, "import.discarded", "import", upload_id, actor_id=viewer.person_id, at=at)


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete the lists of more than a day ago, but for those that are being taken over."""
    old = select(Upload.id).where(
        Upload.uploaded_at < at - KEPT_FOR, Upload.state != UploadState.APPLYING
    )
    session.execute(delete(UploadContent).where(UploadContent.upload_id.in_(old)))
    session.execute(delete(Upload).where(Upload.id.in_(old)))
