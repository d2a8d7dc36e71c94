"""The administrator's pages of leaving, returning and going over to another organisation."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.accounts import leaving, services, transfers
from training.accounts.forms import TransferForm
from training.accounts.models import Person
from training.auth import requires, signed_in
from training.errors import Invalid
from training.parts import registered
from training.permissions import Permission

bp = Blueprint("moving", __name__, url_prefix="/people")
MANAGE = Permission.MANAGE_PEOPLE


def movements(subject: Person) -> dict[str, Any]:
    """Return what can be done about somebody's belonging; nothing about one's own."""
    own = subject.id == signed_in().person_id or subject.merged_into_id is not None
    return {
        "left_at": None
        if subject.is_active or subject.merged_into_id
        else subject.left_at or subject.created_at,
        "leave_url": None if own else url_for("moving.leaving_page", person_id=subject.id),
        "return_url": None if own else url_for("moving.come_back", person_id=subject.id),
    }


@bp.get("/<int:person_id>/leave")
@requires(MANAGE)
def leaving_page(person_id: int) -> str:
    """Show whether all is in order before somebody leaves."""
    return _leaving_page(person_id, None)


def _leaving_page(person_id: int, code: str | None) -> str:
    session, viewer = db.session(), signed_in().viewer
    subject = services.managed(session, viewer, person_id)
    shown = (p.before_leaving(session, viewer, person_id) for p in registered() if p.before_leaving)
    return render_template(
        "accounts/leave.html",
        name=subject.printed_name,
        active=subject.is_active,
        own=subject.id == viewer.person_id,
        panels=[panel for panel in shown if panel is not None],
        code=code,
        days=transfers.VALID_FOR.days,
        leave_url=url_for("moving.leave", person_id=person_id),
        release_url=url_for("moving.release", person_id=person_id),
        person_url=url_for("people.person", person_id=person_id),
    )


@bp.post("/<int:person_id>/leave")
@requires(MANAGE)
def leave(person_id: int) -> ResponseReturnValue:
    """Close somebody's access."""
    with db.transaction() as session:
        leaving.leave(session, signed_in().viewer, person_id, at=clock.now())
    flash(_("This person has left and is signed out everywhere."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/<int:person_id>/return")
@requires(MANAGE)
def come_back(person_id: int) -> ResponseReturnValue:
    """Open somebody's access again."""
    with db.transaction() as session:
        leaving.come_back(session, signed_in().viewer, person_id, at=clock.now())
    flash(_("This person has returned, with the roles shown below. Look whether they still fit."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/<int:person_id>/transfer")
@requires(MANAGE)
def release(person_id: int) -> str:
    """Make a transfer code and show it this once."""
    code = transfers.new_code()
    with db.transaction() as session:
        transfers.release(session, signed_in().viewer, person_id, code, at=clock.now())
    return _leaving_page(person_id, code)


@bp.route("/arrive", methods=["GET", "POST"])
@requires(MANAGE)
def arrive() -> ResponseReturnValue:
    """Take somebody over by the code of their old organisation."""
    form = TransferForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                viewer, at = signed_in().viewer, clock.now()
                person = transfers.take_over(session, viewer, form.code.data, at=at)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("%(name)s now belongs to your organisation.", name=person.printed_name))
            return redirect(url_for("people.edit_person", person_id=person.id), 303)
    return render_template("accounts/arrive.html", form=form), 422 if form.errors else 200
