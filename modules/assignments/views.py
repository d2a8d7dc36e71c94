"""The trainer's and administrator's page of assigning."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.assignments import bulk, services
from modules.assignments.forms import AssignForm
from modules.catalogue.taught import newest_titles
from training import clock, db, i18n, jobs
from training.accounts.unit_tree import units_within
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

bp = Blueprint("assignments", __name__, url_prefix="/assignments")


@bp.get("/new")
@requires(Permission.ASSIGN)
def assign() -> ResponseReturnValue:
    """Ask which course is assigned to whom."""
    return assign_page(empty_form(request.args.get("to", "")), ())


@bp.post("/new")
@requires(Permission.ASSIGN)
def give() -> ResponseReturnValue:
    """Assign a course to pasted names and to a unit, and say what became of each line."""
    form, outcome, now = empty_form(), list[services.Line](), clock.now()
    if form.validate():
        try:
            with db.transaction() as session:
                outcome = services.assign(
                    session,
                    signed_in().viewer,
                    form.course.data,
                    (form.people.data or "").splitlines(),
                    form.due_on.data,
                    at=now,
                    unit_id=form.unit_id.data,
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            jobs.wake("mail")
            if not outcome:
                form.unit_id.errors = [_("Nobody stands in this unit.")]
    return assign_page(form, outcome, now)


def empty_form(people: str = "") -> AssignForm:
    """Return the form of assigning, with what there is to choose from."""
    form = AssignForm(data={"people": people})
    titles, language = newest_titles(db.session()), i18n.content_language()
    courses = [c.id for c in services.courses(db.session()) if c.id in titles]
    units = units_within(db.session(), signed_in().viewer, Permission.ASSIGN)
    form.offer({course_id: titles[course_id][language] for course_id in courses}, units)
    return form


def assign_page(
    form: AssignForm, outcome: Sequence[services.Line], at: datetime | None = None
) -> ResponseReturnValue:
    """Show the form, and above it what became of each line."""
    last = bulk.last_of(db.session(), signed_in().person_id)
    action = last if last is not None and last.done_at == at else None
    page = render_template(
        "assignments/assign.html",
        form=form,
        outcome=[(line.text, line.ok, _(line.message)) for line in outcome],
        action=action,
        mail_is_on=current_app.extensions["settings"].mail_is_on,
    )
    return page, 422 if form.errors else 200
