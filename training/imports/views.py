"""The administrator's pages of importing people, from the file to the rows set aside."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db, jobs
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.imports import applying, services, shown, todo
from training.imports.forms import (
    COLUMN,
    ColumnsForm,
    DismissAllForm,
    UploadForm,
    columns_form,
)
from training.imports.models import Upload, UploadState
from training.imports.people_columns import PEOPLE
from training.permissions import Permission

bp = Blueprint("imports", __name__, url_prefix="/imports")
MANAGE = Permission.MANAGE_PEOPLE
APPLY = "imports"
LARGEST_REQUEST = 6 * 1024 * 1024


@bp.get("/")
@requires(MANAGE)
def start() -> str:
    """Take a list in, and show those of the last day."""
    form = UploadForm(formdata=None, token=secrets.token_urlsafe(16))
    return _start_page(form)


def _start_page(form: UploadForm) -> str:
    session, viewer = db.session(), signed_in().viewer
    return render_template(
        "imports/start.html",
        form=form,
        uploads=[shown.upload(row) for row in services.opened(session, viewer)],
        left=todo.counted(session, viewer),
        todo_url=url_for("imports.rows_aside"),
        columns={name: sorted(words)[:3] for name, words in PEOPLE.items()},
    )


@bp.post("/")
@requires(MANAGE)
def upload() -> ResponseReturnValue:
    """Read a list, keep what was understood of it, and ask what its columns hold."""
    form, me, now = UploadForm(), signed_in(), clock.now()
    if form.validate():
        try:
            with form.file.data.stream as sent:
                data = sent.read()
            sheets = services.understood(data, PEOPLE, me.time_zone, now)
            with db.transaction() as session:
                kept = services.keep(session, me.viewer, form.token.data, data, sheets, at=now)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            return redirect(url_for("imports.columns", upload_id=kept.id), 303)
    return _start_page(form), 422


upload.largest_request = LARGEST_REQUEST  # type: ignore[attr-defined]


@bp.get("/<int:upload_id>/columns")
@requires(MANAGE)
def columns(upload_id: int) -> ResponseReturnValue:
    """Show what each column seems to hold."""
    found = services.own(db.session(), signed_in().viewer, upload_id)
    if found.state is not UploadState.OPEN:
        return redirect(url_for("imports.show", upload_id=upload_id))
    number = request.args.get("sheet", found.sheet, type=row_id)
    return _columns_page(found, number, None)


def _columns_page(found: Upload, number: int, refusal: Invalid | None) -> ResponseReturnValue:
    sheets = services.sheets_of(db.session(), found)
    number = number if number < len(sheets) else found.sheet
    sheet = sheets[number]
    chosen = _chosen(found, number) or {f"{COLUMN}{c.index}": c.field for c in sheet.columns}
    defaults: dict[str, Any] = {"language": signed_in().language} | found.choices
    defaults["make_units"] = found.choices.get("make_units") == "yes"
    form = columns_form(sheet, **defaults | chosen | {"sheet": str(number)})
    if refusal is not None:
        form.refuse(refusal, _(str(refusal)))
    page = render_template(
        "imports/columns.html",
        form=form,
        sheet=sheet,
        columns=[(form[f"{COLUMN}{column.index}"], column) for column in sheet.columns],
        sheets=[
            {
                "name": other.name,
                "rows": len(other.rows),
                "url": url_for("imports.columns", upload_id=found.id, sheet=index),
                "current": index == number,
            }
            for index, other in enumerate(sheets)
        ],
        discard_url=url_for("imports.discard", upload_id=found.id),
    )
    return page, 422 if form.errors else 200


def _chosen(found: Upload, number: int) -> dict[str, str]:
    if found.sheet != number:
        return {}
    return {f"{COLUMN}{index}": name for name, index in found.mapping.items()}


@bp.post("/<int:upload_id>/columns")
@requires(MANAGE)
def choose_columns(upload_id: int) -> ResponseReturnValue:
    """Keep what each column holds, and show what would happen."""
    viewer = signed_in().viewer
    found = services.own(db.session(), viewer, upload_id)
    number = request.form.get("sheet", 0, type=row_id)
    try:
        form = _validated(found, number)
        with db.transaction() as session:
            services.choose(session, viewer, upload_id, number, form.mapping(), form.choices())
    except Invalid as error:
        return _columns_page(found, number, error)
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


def _validated(found: Upload, number: int) -> ColumnsForm:
    sheets = services.sheets_of(db.session(), found)
    if number >= len(sheets):
        raise Invalid("sheet", "There is no such sheet.")
    form = columns_form(sheets[number])
    if not form.validate():
        raise Invalid("mapping", "Choose from the lists what each column holds.")
    if form.doubles():
        raise Invalid("mapping", "Two columns are said to hold the same. Leave one of them out.")
    return form


@bp.get("/<int:upload_id>")
@requires(MANAGE)
def show(upload_id: int) -> ResponseReturnValue:
    """Show what will happen to every row, how far it is, or what has happened."""
    session = db.session()
    viewer = signed_in().viewer
    found = services.own(session, viewer, upload_id)
    if found.state is not UploadState.OPEN:
        return render_template(
            "imports/result.html",
            upload=shown.upload(found),
            people_url=url_for("people.people"),
            cards_url=url_for("cards.people"),
            todo_url=url_for("imports.rows_aside"),
        )
    if not found.mapping:
        return redirect(url_for("imports.columns", upload_id=upload_id))
    planned = services.plan(session, viewer, found)
    kind, after = request.args.get("show", ""), request.args.get("after", 0, type=row_id)
    return render_template("imports/plan.html", **shown.plan(found, planned, kind, after))


@bp.post("/<int:upload_id>/rows")
@requires(MANAGE)
def decide(upload_id: int) -> ResponseReturnValue:
    """Set a row aside, or say whom it means; `problems:aside` does it for every problem."""
    viewer = signed_in().viewer
    row, _colon, choice = request.form.get("choice", "").partition(":")
    with db.transaction() as session:
        if row == "problems":
            services.set_all_aside(session, viewer, upload_id)
        else:
            services.decide(session, viewer, upload_id, _row(row), choice)
    kept: dict[str, Any] = {"show": shown.known_kind(request.form.get("show", ""))}
    return redirect(url_for("imports.show", upload_id=upload_id, **kept), 303)


def _row(text: str) -> int:
    try:
        return row_id(text)
    except ValueError as error:
        raise Invalid("choice", "There is no such choice.") from error


@bp.post("/<int:upload_id>/apply")
@requires(MANAGE)
def apply(upload_id: int) -> ResponseReturnValue:
    """Take over everything that was not set aside."""
    viewer = signed_in().viewer
    seen = applying.look(db.session(), viewer, upload_id)
    try:
        with db.transaction() as session:
            applying.apply(session, viewer, upload_id, seen, at=clock.now())
            db.after_commit(session, lambda: jobs.wake(APPLY))
    except Invalid as error:
        flash(_(str(error)), "error")
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


@bp.post("/<int:upload_id>/discard")
@requires(MANAGE)
def discard(upload_id: int) -> ResponseReturnValue:
    """Forget a list."""
    with db.transaction() as session:
        services.discard(session, signed_in().viewer, upload_id, at=clock.now())
    flash(_("The list is forgotten. Nothing was imported from it."))
    return redirect(url_for("imports.start"), 303)


@bp.get("/aside")
@requires(MANAGE)
def rows_aside() -> str:
    """List the rows that were set aside, each with its reason."""
    upto = todo.newest(db.session(), signed_in().viewer)
    return _aside_page(DismissAllForm(formdata=None, upto=upto))


def _aside_page(form: DismissAllForm) -> str:
    after, viewer = request.args.get("after", type=row_id), signed_in().viewer
    found = todo.listed(db.session(), viewer, after)
    page, more = found[: todo.PAGE], len(found) > todo.PAGE
    return render_template(
        "imports/aside.html",
        form=form,
        rows=[shown.aside(row) for row in page],
        total=todo.counted(db.session(), viewer),
        next_url=url_for("imports.rows_aside", after=page[-1].id) if more else None,
        start_url=url_for("imports.start"),
    )


@bp.post("/aside")
@requires(MANAGE)
def dismiss_all() -> ResponseReturnValue:
    """Take all rows off the list that were there when it was opened."""
    form = DismissAllForm()
    if not form.validate():
        return _aside_page(form), 422
    with db.transaction() as session:
        todo.dismiss_all(session, signed_in().viewer, form.upto.data, at=clock.now())
    flash(_("The list is cleared."))
    return redirect(url_for("imports.rows_aside"), 303)


@bp.post("/aside/<int:row_id>")
@requires(MANAGE)
def close_row(row_id: int) -> ResponseReturnValue:
    """Take a row off the list: it is done, or dismissed."""
    with db.transaction() as session:
        end = request.form.get("end", "")
        todo.close(session, signed_in().viewer, row_id, end, at=clock.now())
    return redirect(url_for("imports.rows_aside"), 303)
