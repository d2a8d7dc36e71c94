"""The desk of requirements: the rules of an organisation, each as a sentence with a time line."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.requirements import foresight, listening, services
from modules.requirements.forms import RuleForm, data
from modules.requirements.models import Requirement
from modules.requirements.shown import names, shown_reach, shown_rule, whole
from modules.requirements.values import Values, asked, written
from training import clock, db, jobs
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

bp = Blueprint("requirements", __name__, url_prefix="/requirements")
SET = Permission.SET_REQUIREMENTS
UNSENT = ("csrf_token", "step")
EMPTY = {"due_days_before": 30, "waivable": True}


@bp.get("/")
@requires(SET)
def rules() -> ResponseReturnValue:
    """Show what is required of whom."""
    rows = services.listed(db.session(), signed_in().viewer)
    called = names(db.session())
    return render_template(
        "requirements/rules.html",
        rules=[
            shown_rule(written(row), called)
            | {"url": url_for("requirements.rule", requirement_id=row.id)}
            for row in rows
        ],
    )


@bp.post("/standard")
@requires(SET)
def standard() -> ResponseReturnValue:
    """Give the organisation the standard rules."""
    with db.transaction() as session:
        given = services.take_standard(session, signed_in().viewer, at=clock.now())
    jobs.wake(listening.JOB)
    if given:
        flash(ngettext("%(num)s rule is in force now.", "%(num)s rules are in force now.", given))
    return redirect(url_for("requirements.rules"), 303)


@bp.route("/new", methods=["GET", "POST"])
@requires(SET)
def new() -> ResponseReturnValue:
    """Make a rule, after showing what it would mean."""
    return _edit(None)


@bp.route("/<int:requirement_id>", methods=["GET", "POST"])
@requires(SET)
def rule(requirement_id: int) -> ResponseReturnValue:
    """Change a rule, after showing what that would mean."""
    return _edit(services.get(db.session(), signed_in().viewer, requirement_id))


@bp.post("/<int:requirement_id>/retire")
@requires(SET)
def retire(requirement_id: int) -> ResponseReturnValue:
    """Take a rule out of force."""
    with db.transaction() as session:
        services.retire(session, signed_in().viewer, requirement_id, at=clock.now())
    jobs.wake(listening.JOB)
    flash(_("The rule is no longer in force."))
    return redirect(url_for("requirements.rules"), 303)


def _edit(row: Requirement | None) -> ResponseReturnValue:
    now = written(row) if row is not None else None
    form = RuleForm(data=data(now) | {"shown": json.dumps(now)} if now is not None else EMPTY)
    form.offer(names(db.session()))
    if not form.is_submitted() or request.form.get("step") == "back" or not form.validate():
        return _form(form, row)
    if request.form.get("step") != "save":
        return _foresee(form, row)
    try:
        meanwhile = _save(form, row)
    except Invalid as error:
        form.refuse(error, _(str(error)))
        return _form(form, row)
    if meanwhile is not None:
        return _both(form, row, meanwhile)
    jobs.wake(listening.JOB)
    flash(_("The rule is saved. Everybody it is about is looked at now."))
    return redirect(url_for("requirements.rules"), 303)


def _save(form: RuleForm, row: Requirement | None) -> Values | None:
    viewer, values, at = signed_in().viewer, form.values(), clock.now()
    with db.transaction() as session:
        if row is None:
            services.make(session, viewer, values, at=at)
            return None
        return services.change(session, viewer, row.id, _seen(form), values, at=at)


def _seen(form: RuleForm) -> Any:
    try:
        return json.loads(form.shown.data or "null")
    except ValueError:
        return None


def _form(
    form: RuleForm,
    row: Requirement | None,
    status: int = 200,
    both: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "requirements/rule.html",
        form=form,
        retire_url=url_for("requirements.retire", requirement_id=row.id) if row else None,
        both=both,
    )
    return page, 422 if form.errors else status


def _foresee(form: RuleForm, row: Requirement | None) -> ResponseReturnValue:
    viewer, values, called = signed_in().viewer, form.values(), names(db.session())
    home = row.organisation_id if row else viewer.organisation_id
    reach = foresight.foresee(db.session(), home, asked(values), at=clock.now())
    with db.transaction() as session:
        foresight.record(session, viewer, reach, at=clock.now())
    others = services.listed(db.session(), viewer)
    return render_template(
        "requirements/foresee.html",
        rule=shown_rule(values, called),
        fields=[(k, v) for k, v in request.form.items(multi=True) if k not in UNSENT],
        also=[
            shown_rule(written(other), called)
            for other in others
            if other.course_id == values["course_id"] and (row is None or other.id != row.id)
        ],
        **shown_reach(reach),
    )


def _both(form: RuleForm, row: Requirement | None, meanwhile: Values) -> ResponseReturnValue:
    """Show both values of what somebody else has changed; saving again keeps one's own."""
    called = names(db.session())
    both = {"theirs": whole(meanwhile, called), "mine": whole(form.values(), called)}
    form.shown.data = json.dumps(meanwhile)
    return _form(form, row, 409, both=both)
