"""Lists of people that are sent in: kept, mapped, planned. In the caller's transaction."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training import audit
from training.accounts.models import Organisation
from training.clock import day_at
from training.errors import Forbidden, Invalid, NotFound
from training.imports import around, entries, files, stored
from training.imports.mapping import Sheet, Vocabulary, best, understand
from training.imports.models import Upload, UploadContent, UploadState
from training.imports.planning import CHOICES, Kind, Planned
from training.permissions import Permission, Viewer

KEPT_FOR = timedelta(days=1)
NAMED = {"name", "family"}
TOKEN_LENGTHS = range(16, 65)


def organisation_of(viewer: Viewer) -> int:
    """Return the organisation whose people the viewer imports: their own."""
    managed = viewer.organisations(Permission.MANAGE_PEOPLE)
    if managed is not None and viewer.organisation_id not in managed:
        raise Forbidden("You can import people into your own organisation only.")
    return viewer.organisation_id


def understood(data: bytes, vocabulary: Vocabulary, zone: str, at: datetime) -> list[Sheet]:
    """Read a file, outside any transaction. Raises `Invalid` for one that cannot be used."""
    today = day_at(at, zone)
    return [understand(table, vocabulary, today) for table in files.tables(data)]


def keep(
    session: Session, viewer: Viewer, token: str, data: bytes, sheets: list[Sheet], *, at: datetime
) -> Upload:
    """Keep what was understood of a file; the same form sent twice is one import."""
    organisation_id = organisation_of(viewer)
    if len(token) not in TOKEN_LENGTHS:
        raise Invalid("token", "Please open the page again and choose the file once more.")
    # Two that come at the same moment find each other by this lock.
    session.get_one(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    found = session.scalars(select(Upload).where(Upload.token == token)).first()
    if found is not None:
        return _within(viewer, found)
    upload = Upload(
        organisation_id=organisation_id,
        uploaded_by_id=viewer.person_id,
        token=token,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_at=at,
        sheet=best(sheets),
    )
    session.add(upload)
    session.flush()
    session.add(UploadContent(upload_id=upload.id, data=stored.pack(sheets)))
    return upload


def own(session: Session, viewer: Viewer, upload_id: int, *, lock: bool = False) -> Upload:
    """Return an import of the viewer's organisation. Raises `NotFound` for any other."""
    found = session.get(
        Upload, upload_id, with_for_update=True if lock else None, populate_existing=lock
    )
    if found is None:
        raise NotFound("There is no such import. It may be older than a day.")
    return _within(viewer, found)


def _within(viewer: Viewer, upload: Upload) -> Upload:
    if upload.organisation_id != organisation_of(viewer):
        raise NotFound("There is no such import. It may be older than a day.")
    return upload


def opened(session: Session, viewer: Viewer) -> list[Upload]:
    """Return the imports of the last day, the newest first."""
    query = select(Upload).where(Upload.organisation_id == organisation_of(viewer))
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
    upload_id: int,
    sheet: int,
    mapping: Mapping[str, int],
    choices: Mapping[str, str],
) -> None:
    """Keep which column holds which field. Raises `Invalid` when none holds the name."""
    upload = own(session, viewer, upload_id, lock=True)
    _refuse_begun(upload)
    sheets = sheets_of(session, upload)
    if sheet not in range(len(sheets)):
        raise Invalid("sheet", "There is no such sheet.")
    if not NAMED & set(mapping):
        raise Invalid("mapping", "Say which column holds the name, or the family name.")
    columns = list(mapping.values())
    if not set(columns) <= set(range(len(sheets[sheet].columns))):
        raise Invalid("mapping", "There is no such column.")
    if len(set(columns)) < len(columns):
        raise Invalid("mapping", "Each column can hold one thing only.")
    if upload.sheet != sheet:
        upload.decisions = {}
    upload.sheet, upload.choices = sheet, dict(choices)
    upload.mapping = {name: str(index) for name, index in mapping.items()}


def decide(session: Session, viewer: Viewer, upload_id: int, row: int, choice: str) -> None:
    """Set a row aside, say whom it means, or take that back with an empty choice."""
    upload = own(session, viewer, upload_id, lock=True)
    _refuse_begun(upload)
    if choice and choice not in CHOICES:
        raise Invalid("choice", "There is no such choice.")
    kept = {key: value for key, value in upload.decisions.items() if key != str(row)}
    upload.decisions = kept | ({str(row): choice} if choice else {})


def set_all_aside(session: Session, viewer: Viewer, upload_id: int) -> None:
    """Set every row aside that has a problem; those that only ask stay."""
    upload = own(session, viewer, upload_id, lock=True)
    _refuse_begun(upload)
    planned = plan(session, viewer, upload)
    rows = [row.entry.row for row in planned if row.kind is Kind.PROBLEM]
    upload.decisions = upload.decisions | dict.fromkeys(map(str, rows), "aside")


def _refuse_begun(upload: Upload) -> None:
    if upload.state is not UploadState.OPEN:
        raise Invalid("state", "This import has begun and can no longer be changed.")


def entries_of(session: Session, upload: Upload) -> list[entries.Entry]:
    """Return the rows of the chosen sheet as entries."""
    sheet = sheets_of(session, upload)[upload.sheet]
    return entries.of_sheet(sheet, {name: int(index) for name, index in upload.mapping.items()})


def plan(session: Session, viewer: Viewer, upload: Upload) -> list[Planned]:
    """Return what would become of every row if the viewer took the list over at this moment."""
    return around.planner(session, upload, viewer.person_id).plan(entries_of(session, upload))


def discard(session: Session, viewer: Viewer, upload_id: int, *, at: datetime) -> None:
    """Forget a list that is not to be imported after all."""
    upload = own(session, viewer, upload_id, lock=True)
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
