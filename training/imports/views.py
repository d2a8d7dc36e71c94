"""The pages of importing a list, from the file to the rows set aside."""

import secrets
from functools import partial, update_wrapper
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db, jobs
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.imports import applying, columns_views, memory, services, shown, todo
from training.imports.desk import Desk
from training.imports.forms import DismissAllForm, UploadForm
from training.imports.models import UploadState

LARGEST_REQUEST = 6 * 1024 * 1024


def start(desk: Desk) -> str:
    """Take a list in, and show those of the last day."""
    form = desk.upload_form()
    form.token.data = secrets.token_urlsafe(16)
    return _start_page(desk, form)


def _start_page(desk: Desk, form: UploadForm) -> str:
    session, viewer = db.session(), signed_in().viewer
    return render_template(
        desk.start_template,
        form=form,
        heading=desk.title,
        uploads=[shown.upload(row) for row in services.opened(session, viewer, desk.subject)],
        left=todo.counted(session, viewer, desk.subject),
        todo_url=url_for(".rows_aside"),
    )


def upload(desk: Desk) -> ResponseReturnValue:
    """Read a list, keep what was understood of it, and ask what its columns hold."""
    form, me, now, subject = desk.upload_form(), signed_in(), clock.now(), desk.subject
    if form.validate():
        try:
            with form.file.data.stream as sent:
                data = sent.read()
            words = memory.vocabulary(db.session(), me.viewer.organisation_id, subject)
            sheets = services.understood(data, words, me.time_zone, now)
            token, choices = form.token.data or "", form.choices()
            with db.transaction() as session:
                kept = services.keep(
                    session, me.viewer, subject, token, data, sheets, choices, at=now
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            return redirect(url_for(".columns", upload_id=kept.id), 303)
    return _start_page(desk, form), 422


def show(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Show what will happen to every row, how far it is, or what has happened."""
    session = db.session()
    viewer = signed_in().viewer
    found = services.own(session, viewer, desk.subject, upload_id)
    if found.state is not UploadState.OPEN:
        return render_template(
            "imports/result.html",
            upload=shown.upload(found),
            heading=desk.title,
            cards_url=url_for("cards.people"),
            todo_url=url_for(".rows_aside"),
            **desk.besides(found, ()),
        )
    if not found.mapping:
        return redirect(url_for(".columns", upload_id=upload_id))
    planned = services.plan(session, viewer, desk.subject, found)
    kind, after = request.args.get("show", ""), request.args.get("after", 0, type=row_id)
    return render_template(
        desk.plan_template,
        eyebrow=desk.title,
        **shown.plan(desk, found, planned, kind, after),
        **desk.besides(found, planned),
    )


def decide(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Set a row aside, or say whom it means; `problems:aside` does it for every problem."""
    viewer = signed_in().viewer
    row, _colon, choice = request.form.get("choice", "").partition(":")
    with db.transaction() as session:
        if row == "problems":
            services.set_all_aside(session, viewer, desk.subject, upload_id)
        else:
            services.decide(session, viewer, desk.subject, upload_id, _row(row), choice)
    kept: dict[str, Any] = {"show": shown.known_kind(request.form.get("show", ""))}
    return redirect(url_for(".show", upload_id=upload_id, **kept), 303)


def _row(text: str) -> int:
    try:
        return row_id(text)
    except ValueError as error:
        raise Invalid("choice", "There is no such choice.") from error


def apply(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Take over everything that was not set aside."""
    viewer = signed_in().viewer
    seen = applying.look(db.session(), viewer, desk.subject, upload_id)
    try:
        with db.transaction() as session:
            applying.apply(
                session, viewer, desk.subject, upload_id, seen, desk.choices(), at=clock.now()
            )
            db.after_commit(session, lambda: jobs.wake(desk.name))
    except Invalid as error:
        flash(_(str(error)), "error")
    return redirect(url_for(".show", upload_id=upload_id), 303)


def discard(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Forget a list."""
    with db.transaction() as session:
        services.discard(session, signed_in().viewer, desk.subject, upload_id, at=clock.now())
    flash(_("The list is forgotten. Nothing was imported from it."))
    return redirect(url_for(".start"), 303)


def rows_aside(desk: Desk) -> str:
    """List the rows that were set aside, each with its reason."""
    upto = todo.newest(db.session(), signed_in().viewer, desk.subject)
    return _aside_page(desk, DismissAllForm(formdata=None, upto=upto))


def _aside_page(desk: Desk, form: DismissAllForm) -> str:
    after, viewer = request.args.get("after", type=row_id), signed_in().viewer
    found = todo.listed(db.session(), viewer, desk.subject, after)
    page, more = found[: todo.PAGE], len(found) > todo.PAGE
    return render_template(
        "imports/aside.html",
        form=form,
        rows=[shown.aside(desk, row) for row in page],
        total=todo.counted(db.session(), viewer, desk.subject),
        eyebrow=desk.title,
        next_url=url_for(".rows_aside", after=page[-1].id) if more else None,
        start_url=url_for(".start"),
    )


def dismiss_all(desk: Desk) -> ResponseReturnValue:
    """Take all rows off the list that were there when it was opened."""
    form = DismissAllForm()
    if not form.validate():
        return _aside_page(desk, form), 422
    with db.transaction() as session:
        todo.dismiss_all(session, signed_in().viewer, desk.subject, form.upto.data, at=clock.now())
    flash(_("The list is cleared."))
    return redirect(url_for(".rows_aside"), 303)


def close_row(desk: Desk, row_id: int) -> ResponseReturnValue:
    """Take a row off the list: it is done, or dismissed."""
    with db.transaction() as session:
        end = request.form.get("end", "")
        todo.close(session, signed_in().viewer, desk.subject, row_id, end, at=clock.now())
    return redirect(url_for(".rows_aside"), 303)


ADDRESSES = (
    ("GET", "/", start),
    ("POST", "/", upload),
    ("GET", "/<int:upload_id>/columns", columns_views.columns),
    ("POST", "/<int:upload_id>/columns", columns_views.choose_columns),
    ("GET", "/<int:upload_id>", show),
    ("POST", "/<int:upload_id>/rows", decide),
    ("POST", "/<int:upload_id>/apply", apply),
    ("POST", "/<int:upload_id>/discard", discard),
    ("GET", "/aside", rows_aside),
    ("POST", "/aside", dismiss_all),
    ("POST", "/aside/<int:row_id>", close_row),
)


def pages(desk: Desk) -> Blueprint:
    """Return the pages of importing lists of one subject."""
    bp = Blueprint(desk.name, __name__, url_prefix=f"/{desk.name}")
    for method, address, view in ADDRESSES:
        page = requires(desk.subject.permission)(update_wrapper(partial(view, desk), view))
        if view is upload:
            page.largest_request = LARGEST_REQUEST  # type: ignore[attr-defined]
        bp.add_url_rule(address, view.__name__, page, methods=[method])
    return bp
