"""The administrator's pages of their organisation and its units."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from training import clock, db
from training.accounts import units
from training.accounts.forms import OrganisationForm, UnitForm
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

bp = Blueprint("organisation", __name__, url_prefix="/organisation")
MANAGE = Permission.MANAGE_PEOPLE
INDENT = "\N{EM SPACE}"


@bp.route("/", methods=["GET", "POST"])
@requires(MANAGE)
def details() -> ResponseReturnValue:
    """Change what the organisation says of itself."""
    home = units.organisation(db.session(), signed_in().viewer)
    form = OrganisationForm(obj=home)
    if form.validate_on_submit():
        with db.transaction() as session:
            viewer = signed_in().viewer
            units.change_organisation(session, viewer, form.values(), at=clock.now())
        flash(_("The changes are saved."))
        return redirect(url_for("organisation.details"), 303)
    page = render_template(
        "accounts/organisation.html",
        form=form,
        name=home.name,
        units_url=url_for("organisation.tree"),
    )
    return page, 422 if form.errors else 200


@bp.route("/units", methods=["GET", "POST"])
@requires(MANAGE)
def tree() -> ResponseReturnValue:
    """Show the tree of units, and add to it."""
    branches = units.tree(db.session(), signed_in().viewer)
    form = _unit_form(branches, None)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                units.add(
                    session,
                    signed_in().viewer,
                    form.name.data,
                    form.parent_id.data or None,
                    at=clock.now(),
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            return redirect(url_for("organisation.tree"), 303)
    names = {branch.unit.id: branch.unit.name for branch in branches}
    rows = [
        {
            "name": branch.unit.name,
            "parent": names.get(branch.unit.parent_id or 0),
            "people": branch.people,
            "url": url_for("organisation.unit", unit_id=branch.unit.id),
        }
        for branch in branches
    ]
    page = render_template("accounts/units.html", form=form, rows=rows)
    return page, 422 if form.errors else 200


def _unit_form(branches: list[units.Branch], unit: Any) -> UnitForm:
    form = UnitForm(obj=unit)
    form.parent_id.choices = [
        SelectChoice("0", _("The organisation itself")),
        *(
            SelectChoice(str(b.unit.id), INDENT * 2 * b.depth + b.unit.name)
            for b in branches
            if unit is None or b.unit.id != unit.id
        ),
    ]
    if not form.is_submitted():
        form.parent_id.data = (unit.parent_id if unit else None) or 0
    return form


@bp.route("/units/<int:unit_id>", methods=["GET", "POST"])
@requires(MANAGE)
def unit(unit_id: int) -> ResponseReturnValue:
    """Rename a unit or move it."""
    found = units.own_unit(db.session(), signed_in().viewer, unit_id)
    form = _unit_form(units.tree(db.session(), signed_in().viewer), found)
    if form.validate_on_submit():
        name, parent = form.name.data, form.parent_id.data or None
        try:
            with db.transaction() as session:
                viewer = signed_in().viewer
                units.change(session, viewer, unit_id, name, parent, at=clock.now())
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The changes are saved."))
            return redirect(url_for("organisation.tree"), 303)
    page = render_template(
        "accounts/unit.html",
        form=form,
        remove_url=url_for("organisation.remove_unit", unit_id=unit_id),
        units_url=url_for("organisation.tree"),
    )
    return page, 422 if form.errors else 200


@bp.post("/units/<int:unit_id>/remove")
@requires(MANAGE)
def remove_unit(unit_id: int) -> ResponseReturnValue:
    """Remove a unit that is empty."""
    try:
        with db.transaction() as session:
            units.remove(session, signed_in().viewer, unit_id, at=clock.now())
    except Invalid as error:
        flash(_(str(error)), "error")
        return redirect(url_for("organisation.unit", unit_id=unit_id), 303)
    flash(_("The unit is removed."))
    return redirect(url_for("organisation.tree"), 303)
