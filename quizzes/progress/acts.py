"""What a trainer does to a selection of the list, and taking it back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.assignments import bulk
from modules.assignments.addressees import MOST_MEMBERS
from modules.assignments.models import Assignment
from modules.assignments.services import MOST_LINES
from modules.assignments.views import assign_page, empty_form
from quizzes.progress import changes, services
from quizzes.progress.changes import Extended, Shown
from quizzes.progress.forms import SelectionForm, ticked
from quizzes.progress.views import asked, progress_page, today
from training import clock, db
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

bp = Blueprint("acts", __name__, url_prefix="/progress")


@bp.post("/extend")
@requires(Permission.ASSIGN)
def extend() -> ResponseReturnValue:
    """Set one due date for those ticked; for everyone shown, ask first."""
    form, chosen = SelectionForm(), _chosen(MOST_MEMBERS)
    if not form.validate() or not chosen:
        return _refused(form, chosen)
    if form.everyone.data:
        return _confirm(form, chosen, ())
    try:
        done = _extended(chosen, form.due_on.data)
    except Invalid as error:
        form.refuse(error, _(str(error)))
        return _refused(form, chosen)
    if done.meanwhile:
        return _confirm(form, chosen, done.meanwhile)
    flash(ngettext("%(num)s due date is set.", "%(num)s due dates are set.", done.changed))
    return redirect(url_for("progress.progress", **asked()[0].query()), 303)


def _extended(chosen: Shown, due_on: date) -> Extended:
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        return changes.extend(session, me.viewer, chosen, due_on, today=today(), at=now)


def _chosen(most: int) -> dict[int, Any]:
    """Return what was ticked with the dates shown, or all that the filter shows."""
    if not request.form.get("everyone"):
        return ticked(request.form.getlist("chosen")) or {}
    _form, wanted, _titles = asked()
    viewer = signed_in().viewer
    scope = viewer.organisations(Permission.ASSIGN)
    rows = services.everything(db.session(), viewer, wanted, today(), most + 1)
    found = {
        row.assignment_id: row.due_on
        for row in rows
        if row.person_id != viewer.person_id and (scope is None or row.organisation_id in scope)
    }
    return found if len(rows) <= most else {}


def _refused(form: SelectionForm, chosen: Shown) -> ResponseReturnValue:
    if not chosen:
        form.everyone.errors = [
            _("Please tick between one and %(most)s people in the list.", most=MOST_LINES)
        ]
    return progress_page(form), 422


def _confirm(
    form: SelectionForm, chosen: Shown, meanwhile: Sequence[Assignment]
) -> ResponseReturnValue:
    """Show what is about to be set, and both values of each date that had changed meanwhile."""
    now = {a.id: a for a in meanwhile}
    titles = asked()[2]
    page = render_template(
        "progress/extend.html",
        form=form,
        kept=[f"{i}:{bulk.written(day) or ''}" for i, day in chosen.items() if i not in now],
        meanwhile=[
            {
                "name": a.person.printed_name,
                "course": titles.get(a.course_id, ""),
                "seen": chosen[a.id],
                "now": a.due_on,
                "tick": f"{a.id}:{bulk.written(a.due_on) or ''}",
            }
            for a in meanwhile
        ],
        query=asked()[0].query(),
    )
    return page, 409 if meanwhile else 200


@bp.post("/assign")
@requires(Permission.ASSIGN)
def choose() -> ResponseReturnValue:
    """Go on to assigning with the people of the selection filled in."""
    chosen = _chosen(MOST_LINES)
    if not chosen:
        return _refused(SelectionForm(formdata=None), chosen)
    found = changes.chosen(db.session(), signed_in().viewer, list(chosen))
    names = dict.fromkeys(a.person.user_name for a in found)
    return assign_page(empty_form("\n".join(names)), ())


@bp.post("/undo/<int:action_id>")
@requires(Permission.ASSIGN)
def undo(action_id: int) -> ResponseReturnValue:
    """Take back the last act on many assignments."""
    with db.transaction() as session:
        changes.undo(session, signed_in().viewer, action_id, at=clock.now())
    flash(_("It is undone."))
    return redirect(url_for("progress.progress"), 303)
