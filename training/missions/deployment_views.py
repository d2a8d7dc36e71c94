"""The trainer's desk of deployments: one of them, cancelling it, and all as a file."""

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import audit, clock, db
from training.accounts.unit_tree import units_within
from training.auth import requires, signed_in
from training.missions import deployment_shown, deployments, planning, posted, shown
from training.missions.changes import history
from training.missions.deployment_forms import FilterForm, ReasonForm
from training.missions.views import today
from training.permissions import Permission
from training.spreadsheets import CSV, XLSX, csv_file, xlsx_file

bp = Blueprint("deployments", __name__, url_prefix="/missions")
PLAN = Permission.PLAN
FILES = {"csv": (csv_file, CSV), "xlsx": (xlsx_file, XLSX)}


@bp.get("/<int:mission_id>/deployments.<any(csv, xlsx):kind>")
@requires(PLAN)
def export(mission_id: int, kind: str) -> Response:
    """Hand out exactly what the filter shows, as a file."""
    planning.get(db.session(), mission_id)
    form = FilterForm(request.args, meta={"csrf": False})
    units = units_within(db.session(), signed_in().viewer, PLAN)
    form.offer(units, posted.rotations(db.session(), mission_id))
    me, wanted, (write, media_type) = signed_in(), form.wanted(units), FILES[kind]
    with db.transaction() as session:
        found = posted.everything(session, me.viewer, mission_id, wanted, today())
        audit.record(
            session,
            "deployment.exported",
            "mission",
            mission_id,
            actor_id=me.person_id,
            at=clock.now(),
            kind=kind,
            rows=len(found),
            filter=form.query(),
        )
    file = write(deployment_shown.head(), deployment_shown.cells(found, me.time_zone))
    return send_file(file, media_type, as_attachment=True, download_name=f"deployments.{kind}")


@bp.get("/deployments/<int:deployment_id>")
@requires(PLAN)
def deployment(deployment_id: int) -> str:
    """Show a deployment and everything that was changed of it."""
    return _page(deployment_id, ReasonForm(formdata=None))


def _page(deployment_id: int, form: ReasonForm) -> str:
    session = db.session()
    found = posted.whole(session, signed_in().viewer, deployment_id)
    own = found.person_id == signed_in().person_id and found.person_id is not None
    changes = history(session, deployment_id)
    return render_template(
        "missions/deployment.html",
        mission=shown.heading(found.mission),
        mission_id=found.mission_id,
        mission_url=url_for("missions.mission", mission_id=found.mission_id),
        deployment=deployment_shown.row(found),
        deployment_id=deployment_id,
        history=deployment_shown.history(session, changes),
        may_change=not own and found.cancelled_at is None,
        missions=planning.to_choose(session),
        form=form,
    )


@bp.post("/deployments/<int:deployment_id>/cancel")
@requires(PLAN)
def cancel(deployment_id: int) -> ResponseReturnValue:
    """Cancel a deployment, with the reason."""
    form = ReasonForm()
    if not form.validate():
        return _page(deployment_id, form), 422
    with db.transaction() as session:
        viewer = signed_in().viewer
        deployments.cancel(session, viewer, deployment_id, form.reason.data, at=clock.now())
    flash(_("The deployment is cancelled."))
    return redirect(url_for("deployments.deployment", deployment_id=deployment_id), 303)
