"""The trainer's and administrator's pages of assigning."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from modules.assignments import services
from modules.assignments.forms import AssignForm
from modules.catalogue.taught import newest_titles
from training import clock, db, i18n
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.forms import BaseForm, line
from training.permissions import Permission

bp = Blueprint("assignments", __name__, url_prefix="/assignments")

STATES = {"": _l("All"), "open": _l("Not finished"), "late": _l("Late"), "done": _l("Finished")}


class FilterForm(BaseForm):
    """Which assignments to list."""

    q = line(_l("Name, user name or number"), needed=False, longest=80)
    state = SelectField(
        _l("Show"), choices=[SelectChoice(k, v) for k, v in STATES.items()], default=""
    )


@bp.get("/")
@requires(Permission.ASSIGN)
def assignments() -> str:
    """List what the people in scope have to finish."""
    form = FilterForm(request.args, meta={"csrf": False})
    today = clock.day_at(clock.now(), signed_in().time_zone)
    usable = form.validate()
    search, state = (form.q.data or "", form.state.data or "") if usable else ("", "")
    after = request.args.get("after", type=row_id)
    found = services.listed(db.session(), signed_in().viewer, search, state, after, today)
    page, more = found[: services.PAGE], len(found) > services.PAGE
    titles = newest_titles(db.session())
    return render_template(
        "assignments/assignments.html",
        form=form,
        rows=[
            {
                "name": row.person.printed_name,
                "course": titles[row.course_id][i18n.content_language()],
                "due_on": row.due_on,
                "state": "done"
                if row.completed_at
                else "late"
                if row.due_on and row.due_on < today
                else "open",
            }
            for row in page
        ],
        next_url=url_for("assignments.assignments", q=search, state=state, after=page[-1].id)
        if more
        else None,
        assign_url=url_for("assignments.assign"),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.ASSIGN)
def assign() -> ResponseReturnValue:
    """Assign a course to pasted names, and say what became of each line."""
    form = AssignForm(data={"people": request.args.get("to", "")})
    titles = newest_titles(db.session())
    form.course.choices = [
        SelectChoice(str(c.id), titles[c.id][i18n.content_language()])
        for c in services.courses(db.session())
        if c.id in titles
    ]
    outcome = None
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                outcome = services.assign(
                    session,
                    signed_in().viewer,
                    form.course.data,
                    form.people.data.splitlines(),
                    form.due_on.data,
                    at=clock.now(),
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
    lines = [(line.text, line.ok, _(line.message)) for line in outcome or []]
    page = render_template("assignments/assign.html", form=form, outcome=lines or None)
    return page, 422 if form.errors else 200
