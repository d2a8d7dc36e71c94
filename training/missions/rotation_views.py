"""The planners' pages of a rotation: its days, its senders, and whose names the lead may see."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.auth import requires, signed_in
from training.errors import Invalid
from training.missions import deployment_shown, mandates, planning, rotations, shown
from training.missions.forms import MandateForm, RotationForm
from training.missions.meanwhile import Both, written
from training.missions.models import Rotation
from training.permissions import Permission

bp = Blueprint("rotations", __name__, url_prefix="/missions")
PLAN = Permission.PLAN


@bp.route("/<int:mission_id>/rotations/new", methods=["GET", "POST"])
@requires(PLAN)
def new(mission_id: int) -> ResponseReturnValue:
    """Make a rotation of a mission one leads."""
    mission, form = planning.led(db.session(), signed_in().viewer, mission_id), RotationForm()
    back = url_for("missions.mission", mission_id=mission_id)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                viewer = signed_in().viewer
                rotations.make(session, viewer, mission_id, form.values(), at=clock.now())
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The rotation is made."))
            return redirect(back, 303)
    return _form_page(form, _("Make a rotation"), mission.name, back)


@bp.route("/rotations/<int:rotation_id>/edit", methods=["GET", "POST"])
@requires(PLAN)
def edit(rotation_id: int) -> ResponseReturnValue:
    """Rename a rotation or move its days; what others changed meanwhile is never overwritten."""
    found = rotations.get(db.session(), rotation_id)
    mission = planning.led(db.session(), signed_in().viewer, found.mission_id)
    form, back = RotationForm(obj=found), url_for("rotations.rotation", rotation_id=rotation_id)
    if request.method == "GET":
        form.show(rotations.written_of(found))
    elif form.validate():
        try:
            both = _changed(rotation_id, form)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            if both:
                return _collided(rotation_id, form, both, back)
            flash(_("The changes are saved."))
            return redirect(back, 303)
    return _form_page(form, _("Change the rotation"), mission.name, back)


def _changed(rotation_id: int, form: RotationForm) -> list[Both]:
    values, seen, viewer = form.values(), form.seen_before(), signed_in().viewer
    with db.transaction() as session:
        return rotations.change(session, viewer, rotation_id, values, seen, at=clock.now())


def _collided(
    rotation_id: int, form: RotationForm, both: Sequence[Both], back: str
) -> ResponseReturnValue:
    current = rotations.get(db.session(), rotation_id)
    again = RotationForm(formdata=None, obj=current)
    again.take_over(form, written(form.values()))
    again.show(rotations.written_of(current))
    name, meanwhile = current.mission.name, shown.meanwhile(both, again)
    return _form_page(again, _("Change the rotation"), name, back, meanwhile)[0], 409


def _form_page(
    form: RotationForm,
    heading: str,
    mission: str,
    back: str,
    meanwhile: Sequence[dict[str, str]] = (),
) -> tuple[str, int]:
    page = render_template(
        "missions/rotation_form.html",
        form=form,
        heading=heading,
        mission=mission,
        back_url=back,
        meanwhile=meanwhile,
    )
    return page, 422 if form.errors else 200


@bp.get("/rotations/<int:rotation_id>")
@requires(PLAN)
def rotation(rotation_id: int) -> str:
    """Show a rotation: how many each organisation sends, and the mandate of one's own."""
    return _page(rotation_id, MandateForm(formdata=None))


def _page(rotation_id: int, form: MandateForm) -> str:
    session, viewer, now = db.session(), signed_in().viewer, clock.now()
    found = rotations.get(session, rotation_id)
    leads = planning.leads(viewer, found.mission)
    own = mandates.in_force(session, rotation_id, at=now).get(viewer.organisation_id)
    return render_template(
        "missions/rotation.html",
        rotation=found,
        mission_url=url_for("missions.mission", mission_id=found.mission_id),
        senders=[_sender(one, found, leads=leads) for one in _senders(found)],
        edit_url=url_for("rotations.edit", rotation_id=rotation_id) if leads else None,
        gives=viewer.organisation_id != found.mission.lead_id,
        until=own,
        form=form,
    )


def _senders(found: Rotation) -> list[rotations.Sender]:
    return rotations.senders(db.session(), signed_in().viewer, found, at=clock.now())


def _sender(one: rotations.Sender, found: Rotation, *, leads: bool) -> dict[str, Any]:
    own = one.organisation_id == signed_in().viewer.organisation_id
    here: dict[str, Any] = {"rotation_id": found.id, "organisation_id": one.organisation_id}
    names = leads and not own and one.mandate_until
    mine = url_for("missions.mission", mission_id=found.mission_id, rotation=found.id)
    shared = url_for("rotations.names", **here) if names else None
    return {
        "name": one.name,
        "people": one.people,
        "vacant": one.vacant,
        "until": one.mandate_until,
        "url": mine if own else shared,
    }


@bp.post("/rotations/<int:rotation_id>/mandate")
@requires(PLAN)
def mandate(rotation_id: int) -> ResponseReturnValue:
    """Let the lead see the names of one's own people until a day."""
    form = MandateForm()
    if not form.validate():
        return _page(rotation_id, form), 422
    with db.transaction() as session:
        viewer = signed_in().viewer
        mandates.give(session, viewer, rotation_id, form.ends_on.data, at=clock.now())
    flash(_("The lead of the mission may now see the names of your people in this rotation."))
    return redirect(url_for("rotations.rotation", rotation_id=rotation_id), 303)


@bp.post("/rotations/<int:rotation_id>/mandate/revoke")
@requires(PLAN)
def revoke(rotation_id: int) -> ResponseReturnValue:
    """Take the mandate of one's own organisation back at once."""
    with db.transaction() as session:
        mandates.revoke(session, signed_in().viewer, rotation_id, at=clock.now())
    flash(_("The mandate has ended. The lead sees numbers only."))
    return redirect(url_for("rotations.rotation", rotation_id=rotation_id), 303)


@bp.get("/rotations/<int:rotation_id>/senders/<int:organisation_id>")
@requires(PLAN)
def names(rotation_id: int, organisation_id: int) -> str:
    """Show the lead whom another organisation sends, while its mandate is in force."""
    with db.transaction() as session:
        viewer, now = signed_in().viewer, clock.now()
        found = mandates.names(session, viewer, rotation_id, organisation_id, at=now)
    return render_template(
        "missions/names.html",
        organisation=found.organisation,
        until=found.until,
        rows=[deployment_shown.shared(one) for one in found.deployments],
        back_url=url_for("rotations.rotation", rotation_id=rotation_id),
    )
