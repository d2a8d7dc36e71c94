"""The author's page: what readers found wrong."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.remarks import answering
from modules.remarks.forms import AnswerForm, FilterForm
from modules.remarks.models import ContentRemark, State, Subject
from modules.remarks.services import PAGE
from modules.remarks.shown import cells, header, shown
from modules.remarks.views import bp
from training import clock, db
from training.addresses import row_id
from training.auth import requires, signed_in
from training.parts import questions
from training.permissions import Permission
from training.spreadsheets import CSV, csv_file

__all__ = ["Blueprint", "bp"]
AUTHOR = Permission.AUTHOR_CONTENT


@bp.get("/remarks/")
@requires(AUTHOR)
def listed() -> str:
    """List the remarks in scope, the newest first."""
    form = FilterForm(request.args, meta={"csrf": False})
    before = request.args.get("before", type=row_id)
    found = answering.listed(db.session(), signed_in().viewer, form.wanted(), before)
    page, more = found[:PAGE], len(found) > PAGE
    following = form.query(before=page[-1].id) if more else None
    return render_template(
        "remarks/listed.html",
        form=form,
        remarks=shown(page),
        next_url=url_for("remarks.listed", **following) if following else None,
        csv_url=url_for("remarks.export", **form.query()),
    )


@bp.get("/remarks.csv")
@requires(AUTHOR)
def export() -> Response:
    """Send every remark that fits the filter as a file."""
    wanted = FilterForm(request.args, meta={"csrf": False}).wanted()
    me = signed_in()
    with db.transaction() as session:
        answering.record_export(session, me.viewer, wanted, at=clock.now())
    remarks = answering.export(db.session(), me.viewer, wanted)
    file = csv_file(header(), (cells(remark, me.time_zone) for remark in remarks))
    return send_file(file, CSV, as_attachment=True, download_name="remarks.csv")


@bp.route("/remarks/<int:remark_id>", methods=["GET", "POST"])
@requires(AUTHOR)
def remark(remark_id: int) -> ResponseReturnValue:
    """Show a remark with what it is about, and answer it."""
    form, viewer = AnswerForm(), signed_in().viewer
    found = answering.one(db.session(), viewer, remark_id)
    if form.validate_on_submit():
        _close(form, remark_id)
        flash(_("The remark is closed. Whoever sent it can read your answer."))
        return redirect(url_for("remarks.listed"), 303)
    page = render_template(
        "remarks/remark.html",
        form=form,
        remark=shown([found])[0],
        question=_question(found),
        may_answer=found.state is State.OPEN and found.person_id != viewer.person_id,
    )
    return page, 422 if form.errors else 200


def _close(form: AnswerForm, remark_id: int) -> None:
    with db.transaction() as session:
        answering.close(
            session,
            signed_in().viewer,
            remark_id,
            State(form.state.data),
            form.answer.data,
            erase=form.erase.data,
            at=clock.now(),
        )


def _question(found: ContentRemark) -> Any:
    if found.subject is not Subject.QUESTION:
        return None
    asked = questions(db.session(), found.course_version_id)
    return next((q for q in asked if q.code == found.place), None)
