"""The list of who is where, on screen, on paper and as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for
from flask_babel import gettext as _

from modules.assignments import bulk
from modules.assignments.models import BulkAction
from modules.catalogue.taught import newest_titles
from quizzes.attempts import unlocking
from quizzes.progress import services
from quizzes.progress.forms import STATES, FilterForm, SelectionForm
from quizzes.progress.services import Filter, Row
from quizzes.progress.states import Sort, State
from training import audit, clock, db, i18n
from training.accounts.unit_tree import units_within
from training.addresses import row_id
from training.auth import requires, signed_in
from training.permissions import Permission
from training.spreadsheets import CSV, XLSX, csv_file, xlsx_file

bp = Blueprint("progress", __name__, url_prefix="/progress")

FILES = {"csv": (csv_file, CSV), "xlsx": (xlsx_file, XLSX)}


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.FOLLOW)
def progress() -> str:
    """List how far the people in scope are, those who need attention first.

    A search comes by POST, so that no address holds a name.
    """
    return progress_page(SelectionForm(formdata=None))


def progress_page(selection: SelectionForm) -> str:
    """Show the list that the address asks for, with the form to act on a selection."""
    form, wanted, titles = asked()
    me, session = signed_in(), db.session()
    after = request.values.get("after", type=row_id)
    found = services.listed(session, me.viewer, wanted, after, today())
    page, more = found[: services.PAGE], len(found) > services.PAGE
    may_assign = me.viewer.may(Permission.ASSIGN)
    return render_template(
        "progress/progress.html",
        form=form,
        selection=selection,
        rows=_rows(page, titles),
        states={state.value: str(label) for state, label in STATES.items()},
        sorts={s.value: url_for("progress.progress", **form.query(sort=s.value)) for s in Sort},
        next_url=url_for("progress.progress", **form.query(after=page[-1].assignment_id))
        if more
        else None,
        files={kind: url_for("progress.export", kind=kind, **form.query()) for kind in FILES},
        query=form.query(),
        searched={"q": wanted.search} if wanted.search else {},
        sorted=wanted.sort.value,
        may_assign=may_assign,
        waiting=[_waiting(r) for r in unlocking.requests(session, me.viewer, at=clock.now())],
        action=_last_action() if may_assign else None,
    )


def asked() -> tuple[FilterForm, Filter, dict[int, str]]:
    """Return the filter that was asked for, and the titles of the courses."""
    sent = request.values.copy()
    sent.setlist("q", request.form.getlist("q"))  # What stands in an address is no search.
    form = FilterForm(sent, meta={"csrf": False})
    language = i18n.content_language()
    titles = {key: title[language] for key, title in newest_titles(db.session()).items()}
    units = units_within(db.session(), signed_in().viewer, Permission.FOLLOW)
    form.offer(titles, units)
    return form, form.wanted(units), titles


def today() -> date:
    """Return the day it is where the viewer's organisation is."""
    return clock.day_at(clock.now(), signed_in().time_zone)


def _day_of(instant: datetime | None) -> date | None:
    return clock.day_at(instant, signed_in().time_zone) if instant else None


def _rows(page: Sequence[Row], titles: Mapping[int, str]) -> list[dict[str, Any]]:
    viewer = signed_in().viewer
    scope = viewer.organisations(Permission.ASSIGN)
    day = lru_cache(i18n.day)  # Many share a date, and writing one out takes its time.
    no_date = _("No date set")
    return [
        {
            "name": row.name,
            "unit": row.unit,
            "course": titles.get(row.course_id, ""),
            "due_on": day(row.due_on) if row.due_on else no_date,
            "last_on": day(on) if (on := _day_of(row.last_at)) else "",
            "state": row.state.value,
        }
        | _actions(row, mine=row.person_id != viewer.person_id and _among(row, scope))
        for row in page
    ]


def _among(row: Row, scope: frozenset[int] | None) -> bool:
    return scope is None or row.organisation_id in scope


def _actions(row: Row, *, mine: bool) -> dict[str, str | None]:
    """Return how a row is ticked, and where it is unlocked; both only by those who may."""
    stuck = mine and row.state is State.STUCK
    return {
        "tick": f"{row.assignment_id}:{bulk.written(row.due_on) or ''}" if mine else None,
        "unlock_url": url_for("talks.talk", assignment_id=row.assignment_id) if stuck else None,
    }


def _waiting(found: unlocking.Request) -> dict[str, Any]:
    person, now = found.assignment.person, clock.now()
    return {
        "name": person.printed_name,
        "unit": person.unit.name if person.unit else None,
        "asked_at": found.asked_at,
        "with_hr": found.goes_to_hr_at <= now,
        "url": url_for("talks.talk", assignment_id=found.assignment.id),
    }


def _last_action() -> BulkAction | None:
    # What was done before today is rarely a slip, and would stand in the way.
    action = bulk.last_of(db.session(), signed_in().person_id)
    recent = action and clock.day_at(action.done_at, signed_in().time_zone) == today()
    return action if recent else None


@bp.route("/export.<any(csv, xlsx):kind>", methods=["GET", "POST"])
@requires(Permission.FOLLOW)
def export(kind: str) -> Response:
    """Hand out exactly what the filter shows, as a file."""
    form, wanted, titles = asked()
    me, (write, media_type) = signed_in(), FILES[kind]
    with db.transaction() as session:
        rows = services.everything(session, me.viewer, wanted, today())
        audit.record(
            session,
            "progress.exported",
            "assignment",
            None,
            actor_id=me.person_id,
            at=clock.now(),
            kind=kind,
            rows=len(rows),
            filter=form.query(),
        )
    file = write(_head(), _cells(rows, titles))
    return send_file(file, media_type, as_attachment=True, download_name=f"progress.{kind}")


def _head() -> list[str]:
    return [
        _("Name"),
        _("Personnel number"),
        _("Unit"),
        _("Training"),
        _("Cycle"),
        _("Due date"),
        _("State"),
        _("Attempts"),
        _("Last active"),
        _("Assigned on"),
        _("Finished on"),
    ]


def _cells(rows: Sequence[Row], titles: Mapping[int, str]) -> Iterator[list[Any]]:
    labels = {state: str(label) for state, label in STATES.items()}
    for row in rows:
        yield [
            row.name,
            row.number,
            row.unit,
            titles.get(row.course_id),
            row.cycle,
            row.due_on,
            labels[row.state],
            row.attempts or 0,
            _day_of(row.last_at),
            _day_of(row.assigned_at),
            _day_of(row.completed_at),
        ]
