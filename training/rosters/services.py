"""Taking a roster over: new people, deployments made and changed, absent ones cancelled."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training import audit
from training.accounts import names
from training.accounts.models import Person, Unit
from training.errors import spoken
from training.imports import people
from training.imports.entries import Entry
from training.imports.mapping import Sheet
from training.imports.models import About, ImportedPerson, Upload
from training.imports.planning import Kind, Planned
from training.imports.subjects import Subject
from training.missions import deployments
from training.missions.models import Deployment, Mission, Rotation
from training.permissions import Grant, Permission, Role, Viewer
from training.rosters import around
from training.rosters.columns import ROSTER
from training.rosters.planned import Deployed
from training.rosters.rows import Line, of_sheet

REASON = spoken("Roster import")
TAKEN = {Kind.NEW, Kind.CHANGED}
ABSENT = spoken("Roster import: no longer on the roster")


def entries(sheet: Sheet, mapping: Mapping[str, int], upload: Upload) -> list[Entry]:
    """Return the rows of a sheet, read on the day the roster was sent in."""
    return [*of_sheet(sheet, mapping, around.day_of(upload))]


def write(
    session: Session, upload: Upload, planned: Sequence[Planned], at: datetime, *, at_once: bool
) -> None:
    """Add new people and units, then make and change deployments."""
    del at_once  # Somebody new with their deployment is whole: no need to wait for the others.
    rows = [row for row in planned if isinstance(row, Deployed) and row.kind in TAKEN]
    units = people.make_units(session, upload.organisation_id, rows)
    made = _add_people(session, upload, rows, units, at)
    rotation_id = _rotation(session, upload, rows)
    # The session remembers only what somebody holds: read once, not once for each row.
    held = _read(session, upload, rows, made)
    viewer = _planning(upload)
    for row in rows:
        values = _values(row, units, made, rotation_id)
        if row.tour is None:
            home, mission_id = upload.organisation_id, int(upload.choices["mission"])
            deployments.deploy(session, viewer, home, mission_id, values, at=at, reason=REASON)
        else:
            deployments.change(session, viewer, row.tour.id, values, REASON, at=at)
    del held


def _planning(upload: Upload) -> Viewer:
    # They were allowed to when they said yes, which a list under way was begun by.
    home = upload.organisation_id
    return Viewer(upload.uploaded_by_id, home, (Grant(Role.TRAINER, home),))


def _add_people(
    session: Session,
    upload: Upload,
    rows: Sequence[Deployed],
    units: Mapping[str, int],
    at: datetime,
) -> dict[str, int]:
    """Add everybody new, once each, and return their ids by user name."""
    new = {row.somebody.values["user_name"]: row.somebody for row in rows if row.somebody}
    ids = people.add(session, upload, list(new.values()), units, at, opened=True)
    return dict(zip(new, ids, strict=True))


def _rotation(session: Session, upload: Upload, rows: Sequence[Deployed]) -> int | None:
    """Return the rotation, made when it is new; it lasts as long as the rows that made it."""
    rotation = session.scalars(select(Rotation).where(around.rotation_of(upload))).first()
    name, made = upload.choices.get("new_rotation"), upload.choices.get("made_rotation")
    found = [row.entry for row in rows if isinstance(row.entry, Line)]
    starts_on = min((line.starts_on for line in found if line.starts_on), default=None)
    ends_on = max((line.ends_on for line in found if line.ends_on), default=None)
    if starts_on is None or ends_on is None or not name:
        return rotation.id if rotation else None
    if rotation is None:
        days = {"starts_on": starts_on, "ends_on": ends_on}
        rotation = Rotation(mission_id=int(upload.choices["mission"]), name=name, **days)
        session.add(rotation)
        session.flush()
        upload.choices = upload.choices | {"made_rotation": str(rotation.id)}
    elif made == str(rotation.id):
        rotation.starts_on = min(rotation.starts_on, starts_on)
        rotation.ends_on = max(rotation.ends_on, ends_on)
    return rotation.id


def _read(
    session: Session, upload: Upload, rows: Sequence[Deployed], made: Mapping[str, int]
) -> list[Any]:
    known = {row.person.id for row in rows if row.person} | set(made.values())
    tours = {row.tour.id for row in rows if row.tour}
    mission_id = int(upload.choices["mission"])
    return [
        session.get(Mission, mission_id),
        *session.scalars(select(Rotation).where(Rotation.mission_id == mission_id)),
        *session.scalars(select(Unit).where(Unit.organisation_id == upload.organisation_id)),
        *session.scalars(select(Person).where(Person.id.in_(known))),
        *session.scalars(select(Deployment).where(Deployment.id.in_(tours))),
    ]


def _values(
    row: Deployed, units: Mapping[str, int], made: Mapping[str, int], rotation_id: int | None
) -> dict[str, Any]:
    values = dict(row.values)
    if "unit" in values:
        values["unit_id"] = units[names.fold(values.pop("unit"))]
    if row.somebody:
        values["person_id"] = made[row.somebody.values["user_name"]]
    if "rotation_id" in values:
        values["rotation_id"] = rotation_id
    return values


def digest(upload: Upload, entry: Entry) -> str:
    """Return what tells a row of one mission from that of another."""
    text = json.dumps([upload.choices["mission"], dict(entry.cells)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def finish(session: Session, upload: Upload, rows: Sequence[Entry], at: datetime) -> None:
    """Cancel what was ticked and is still absent, and write one event of it all."""
    ticked = {int(text) for text in upload.choices.get("cancel", "").split()}
    cancelled: list[int] = []
    if ticked:
        planner = around.planner_of(session, upload, upload.uploaded_by_id, rows, frozenset())
        cancelled = [tour.id for tour in planner.plan(rows).absent if tour.id in ticked]
    for deployment_id in cancelled:
        deployments.cancel(session, _planning(upload), deployment_id, ABSENT, at=at)
    made = select(ImportedPerson.person_id).where(ImportedPerson.upload_id == upload.id)
    audit.record(
        session,
        "roster.imported",
        "import",
        upload.id,
        actor_id=upload.uploaded_by_id,
        at=at,
        sha256=upload.sha256,
        mission_id=int(upload.choices["mission"]),
        people=list(session.scalars(made)),
        new=upload.created,
        changed=upload.changed,
        cancelled=cancelled,
        unchanged=upload.unchanged,
        set_aside=upload.set_aside,
    )


SUBJECT = Subject(
    about=About.ROSTER,
    permission=Permission.PLAN,
    vocabulary=ROSTER,
    needed=(
        people.A_NAME,
        (frozenset({"starts_on"}), spoken("Say which column holds the first day.")),
        (frozenset({"ends_on"}), spoken("Say which column holds the last day.")),
    ),
    most=2_000,
    # A row takes some milliseconds, and no transaction should take half a second.
    at_once=64,
    batch=32,
    whole=True,
    entries=entries,
    planner=around.planner,
    planner_of=around.planner_of,
    write=write,
    digest=digest,
    finish=finish,
)
