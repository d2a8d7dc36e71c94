"""The readiness board: on screen, on paper and as a file; and one deployment."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from certificates.readiness import services, shown, snapshots, wording
from certificates.readiness.assessing import Assessed
from certificates.readiness.forms import BoardForm
from certificates.readiness.reading import SEE
from certificates.readiness.services import Readiness, readiness
from training import audit, clock, db
from training.addresses import row_id
from training.auth import requires, signed_in
from training.permissions import Permission
from training.spreadsheets import CSV, XLSX, csv_file, xlsx_file

bp = Blueprint("readiness", __name__, url_prefix="/readiness")
PAGE = 50
FILES = {"csv": (csv_file, CSV), "xlsx": (xlsx_file, XLSX)}
EMPTY = Readiness((), (), ())


@bp.get("/")
@requires(SEE)
def board() -> ResponseReturnValue:
    """Show who is ready on a day and who is not, for those that are asked for."""
    form, day = asked()
    me = signed_in()
    found = EMPTY if form.errors else readiness(db.session(), me.viewer, form.wanted, day)
    listed = only(form, found)
    page, next_id = _page(listed, request.args.get("after", type=row_id))
    next_url = url_for("readiness.board", **form.query(after=next_id)) if next_id else None
    return _shown(form, found, page, day, next_url=next_url), 422 if form.errors else 200


@bp.get("/print")
@requires(SEE)
def paper() -> ResponseReturnValue:
    """Show the whole list on one page, marked with who printed it and when."""
    form, day = asked()
    if form.errors:
        return board()
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        found = readiness(session, me.viewer, form.wanted, day)
        listed = only(form, found)
        _record("print", form, day, len(listed))
    return _shown(form, found, listed, day, mark=shown.mark(me.printed_name, now, day))


def asked() -> tuple[BoardForm, date]:
    """Return the filter that was asked for, and its day."""
    form = BoardForm(request.args, meta={"csrf": False})
    form.offer(services.choices(db.session(), signed_in().viewer))
    form.validate()
    return form, (None if form.errors else form.on.data) or today()


def today() -> date:
    """Return the day it is where the viewer's organisation is."""
    return clock.day_at(clock.now(), signed_in().time_zone)


def only(form: BoardForm, found: Readiness) -> list[Assessed]:
    """Return the people whose state is asked for."""
    return [each for each in found.people if form.only in {None, each.state}]


def _page(listed: Sequence[Assessed], after: int | None) -> tuple[Sequence[Assessed], int | None]:
    ids = [each.going.deployment_id for each in listed]
    first = ids.index(after) + 1 if after in ids else 0
    page = listed[first : first + PAGE]
    more = len(listed) > first + PAGE
    return page, page[-1].going.deployment_id if more else None


def _shown(
    form: BoardForm,
    found: Readiness,
    page: Sequence[Assessed],
    day: date,
    **further: Any,
) -> str:
    viewer = signed_in().viewer
    names = wording.names(db.session(), found.required)
    return render_template(
        "readiness/board.html",
        form=form,
        day=day,
        total=len(found.people),
        vacant=len(found.vacant),
        nothing_required=bool(found.people) and not found.required,
        states=shown.states(found.people) if found.people else [],
        groups=shown.groups(found.people),
        ahead=shown.ahead(found.people, day),
        unwritten=list(services.unwritten(found.people)),
        composition=shown.composition(found.people, found.vacant),
        rows=[shown.row(viewer, each, names, day) for each in page],
        files={kind: url_for("readiness.export", kind=kind, **form.query()) for kind in FILES},
        paper_url=url_for("readiness.paper", **form.query()),
        development_url=_development(form),
        waivers_url=url_for("waivers.listed") if viewer.may(Permission.WAIVE) else None,
        **{"mark": None, "next_url": None} | further,
    )


def _development(form: BoardForm) -> str | None:
    """Return where to see how it developed; the counts of a day are of whole organisations."""
    if signed_in().viewer.organisations(SEE) == frozenset():
        return None
    return url_for("readiness.development", mission=form.mission.data or None)


@bp.get("/export.<any(csv, xlsx):kind>")
@requires(SEE)
def export(kind: str) -> ResponseReturnValue:
    """Hand out what the filter shows as a file, marked with who had it made and when."""
    form, day = asked()
    if form.errors:
        return board()  # A file of nobody would look as if nobody had to be trained.
    me, (write, media_type), now = signed_in(), FILES[kind], clock.now()
    with db.transaction() as session:
        found = readiness(session, me.viewer, form.wanted, day)
        listed = only(form, found)
        _record(kind, form, day, len(listed))
    names = wording.names(db.session(), found.required)
    mark = [shown.mark(me.printed_name, now, day)]
    rows = chain((shown.cells(each, names, day) for each in listed), [mark])
    file = write(shown.head(), rows)
    return send_file(file, media_type, as_attachment=True, download_name=f"readiness.{kind}")


def _record(kind: str, form: BoardForm, day: date, rows: int) -> None:
    audit.record(
        db.session(),
        "readiness.exported",
        "deployment",
        None,
        actor_id=signed_in().person_id,
        at=clock.now(),
        kind=kind,
        rows=rows,
        day=day.isoformat(),
        filter=form.query(),
    )


@bp.get("/development")
@requires(SEE)
def development() -> str:
    """Show how readiness developed, day by day, for those who see an organisation as a whole."""
    viewer, mission_id = signed_in().viewer, request.args.get("mission", 0, type=row_id)
    found = snapshots.development(db.session(), viewer, mission_id, today())
    return render_template(
        "readiness/development.html",
        days=[{"day": day, "states": shown.shares(counts)} for day, counts in found],
        back_url=url_for("readiness.board", mission=mission_id or None),
    )


@bp.get("/<int:deployment_id>")
@requires(SEE)
def deployment(deployment_id: int) -> str:
    """Show how one deployment stands, requirement by requirement."""
    viewer, day = signed_in().viewer, today()
    found = services.of_deployment(db.session(), viewer, deployment_id, day)
    names = wording.names(db.session(), (each.required for each in found.findings))
    return render_template(
        "readiness/deployment.html",
        row=shown.row(viewer, found, names, day),
        details=shown.details(viewer, found, names, day),
        unwritten=any(not each.counts for each in found.findings),
        at_departure=wording.BADGES[found.at_departure] if found.going.starts_on > day else None,
        day=day,
    )
