"""Making and changing a deployment: the pages with its form."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.accounts.models import Person
from training.accounts.unit_tree import units_within
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.missions import deployment_shown, deployments, planning, posted
from training.missions.deployment_forms import DeploymentForm, known_as
from training.missions.meanwhile import Both, written
from training.missions.models import Deployment, Mission
from training.missions.views import today
from training.permissions import Permission

bp = Blueprint("deploying", __name__, url_prefix="/missions")
PLAN = Permission.PLAN


@bp.route("/deployments/new", methods=["GET", "POST"])
@requires(PLAN)
def new() -> ResponseReturnValue:
    """Send somebody, or make a vacant post; `like` is a deployment to repeat."""
    mission = planning.get(db.session(), request.args.get("mission", type=row_id) or abort(404))
    form, like = DeploymentForm(), request.args.get("like", type=row_id)
    if request.method == "GET" and like:
        form.fill(_whole(like))
        form.starts_on.data = form.ends_on.data = form.rotation_id.data = None
    _offer(form, mission)
    if form.validate_on_submit():
        try:
            made = _made(mission.id, form)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The deployment is saved."))
            return _saved(made)
    back = url_for("missions.mission", mission_id=mission.id)
    return _form_page(form, mission, _("Add a deployment"), back)


def _made(mission_id: int, form: DeploymentForm) -> Deployment:
    viewer = signed_in().viewer
    with db.transaction() as session:
        person = posted.named(session, viewer, form.who.data) if form.who.data else None
        values = form.values(person)
        return posted.make(
            session, viewer, mission_id, person, values, form.token.data, at=clock.now()
        )


def _offer(form: DeploymentForm, mission: Mission) -> None:
    units = units_within(db.session(), signed_in().viewer, PLAN)
    form.offer(units, posted.rotations(db.session(), mission.id))


def _saved(deployment: Deployment) -> ResponseReturnValue:
    """Say what is allowed and yet may be a slip, and lead to the deployment."""
    first, last = deployment.starts_on, deployment.ends_on
    if deployment.person_id is not None:
        others = deployments.overlapping(
            db.session(), deployment.person_id, first, last, but=deployment.id
        )
        if others:
            flash(_("This person has another deployment on some of these days."), "error")
    if first < today():
        flash(_("The first day lies in the past."), "error")
    return redirect(url_for("deployments.deployment", deployment_id=deployment.id), 303)


@bp.route("/deployments/<int:deployment_id>/change", methods=["GET", "POST"])
@requires(PLAN)
def change(deployment_id: int) -> ResponseReturnValue:
    """Move or extend a deployment, fill a vacant post, or change anything else of it."""
    found = _whole(deployment_id)
    form = DeploymentForm(found)
    if request.method == "GET":
        form.fill(found)
        form.show(posted.written_of(found))
    _offer(form, found.mission)
    back = url_for("deployments.deployment", deployment_id=deployment_id)
    if form.validate_on_submit():
        try:
            both = _changed(found, form)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            if both:
                return _collided(found, form, both, back)
            flash(_("The changes are saved."))
            return _saved(_whole(deployment_id))
    return _form_page(form, _whole(deployment_id).mission, _("Change the deployment"), back)


def _whole(deployment_id: int) -> Deployment:
    return posted.whole(db.session(), signed_in().viewer, deployment_id)


def _changed(found: Deployment, form: DeploymentForm) -> list[Both]:
    deployment_id, values = found.id, form.values(_meant(found, form))
    reason, seen, viewer = form.reason.data, form.seen_before(), signed_in().viewer
    with db.transaction() as session:
        return posted.change(session, viewer, deployment_id, values, seen, reason, at=clock.now())


def _meant(found: Deployment, form: DeploymentForm) -> Person | None:
    # Who is on it already may have left since, or may be known as others are elsewhere.
    if found.person is not None and form.who.data == known_as(found.person):
        return found.person
    typed = form.who.data
    return posted.named(db.session(), signed_in().viewer, typed) if typed else None


def _collided(
    found: Deployment, form: DeploymentForm, both: Sequence[Both], back: str
) -> ResponseReturnValue:
    current = _whole(found.id)
    again = DeploymentForm(current, formdata=None)
    again.fill(current)
    again.take_over(form, written(form.values(_meant(current, form))))
    again.reason.data = form.reason.data
    again.show(posted.written_of(current))
    _offer(again, current.mission)
    meanwhile = deployment_shown.meanwhile(db.session(), both)
    heading = _("Change the deployment")
    return _form_page(again, current.mission, heading, back, meanwhile)[0], 409


def _form_page(
    form: DeploymentForm,
    mission: Mission,
    heading: str,
    back: str,
    meanwhile: Sequence[dict[str, Any]] = (),
) -> tuple[str, int]:
    page = render_template(
        "missions/deployment_form.html",
        form=form,
        mission=mission.name,
        heading=heading,
        back_url=back,
        meanwhile=meanwhile,
    )
    return page, 422 if form.errors else 200
