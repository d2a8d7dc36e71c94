"""The trainer's desk of missions: all of them, one of them, and changing it."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from training import clock, db, i18n
from training.accounts.unit_tree import units_within
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.missions import deployment_shown, overview, planning, posted, services, shown
from training.missions.deployment_forms import FilterForm
from training.missions.forms import MissionForm
from training.missions.meanwhile import Both, written
from training.missions.models import Mission, MissionStatus, Rotation
from training.missions.planning import StillDeployed
from training.permissions import Permission

bp = Blueprint("missions", __name__, url_prefix="/missions")
PLAN = Permission.PLAN


def today() -> date:
    """Return the day it is where the viewer's organisation is."""
    return clock.day_at(clock.now(), signed_in().time_zone)


@bp.get("/")
@requires(PLAN)
def listed() -> str:
    """List all missions, each with how many of one's own people are on it."""
    after = request.args.get("after", type=row_id)
    found = overview.listed(db.session(), signed_in().viewer, after, today())
    page, more = found[: overview.PAGE], len(found) > overview.PAGE
    rows = [
        shown.heading(row.mission)
        | {
            "present": row.present,
            "leaving": row.leaving,
            "vacant": row.vacant,
            "url": url_for("missions.mission", mission_id=row.mission.id),
        }
        for row in page
    ]
    next_url = url_for("missions.listed", after=page[-1].mission.id) if more else None
    return render_template(
        "missions/listed.html", rows=rows, next_url=next_url, days=overview.SOON.days
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(PLAN)
def new() -> ResponseReturnValue:
    """Make a mission, which one's own organisation then leads."""
    form = MissionForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                made = planning.make(
                    session, signed_in().viewer, form.values(), today=today(), at=clock.now()
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The mission is made. Your organisation leads it."))
            return redirect(url_for("missions.mission", mission_id=made.id), 303)
    return _form_page(form, _("Make a mission"), url_for("missions.listed"))


@bp.get("/<int:mission_id>")
@requires(PLAN)
def mission(mission_id: int) -> str:
    """Show a mission, its channels, and who of one's own goes on it."""
    session, viewer = db.session(), signed_in().viewer
    found = planning.get(session, mission_id)
    may_change = planning.leads(viewer, found)
    units, rotations = units_within(session, viewer, PLAN), posted.rotations(session, mission_id)
    form = FilterForm(request.args, meta={"csrf": False})
    form.offer(units, rotations)
    after = request.args.get("after", type=row_id)
    going = posted.listed(session, viewer, mission_id, form.wanted(units), after, today())
    page, more = going[: posted.PAGE], len(going) > posted.PAGE
    query = {"mission_id": mission_id, **form.query()}
    return render_template(
        "missions/mission.html",
        mission=shown.heading(found) | {"lead": found.lead.name if found.lead else None},
        channels=services.channels(found),
        rotations=[_rotation(one) for one in rotations],
        rotation_url=url_for("rotations.new", mission_id=mission_id) if may_change else None,
        form=form,
        rows=[deployment_shown.row(one) for one in page],
        next_url=url_for("missions.mission", **query, after=page[-1].id) if more else None,
        files={kind: url_for("deployments.export", kind=kind, **query) for kind in ("csv", "xlsx")},
        is_closed=found.status is MissionStatus.CLOSED,
        mission_id=mission_id,
        edit_url=url_for("missions.edit", mission_id=mission_id) if may_change else None,
    )


def _rotation(one: Rotation) -> dict[str, str]:
    days = _("%(first)s until %(last)s", first=i18n.day(one.starts_on), last=i18n.day(one.ends_on))
    url = url_for("rotations.rotation", rotation_id=one.id)
    return {"name": one.name, "days": days, "url": url}


@bp.route("/<int:mission_id>/edit", methods=["GET", "POST"])
@requires(PLAN)
def edit(mission_id: int) -> ResponseReturnValue:
    """Change a mission; what somebody else changed meanwhile is shown, never overwritten."""
    found = planning.led(db.session(), signed_in().viewer, mission_id)
    form = MissionForm(obj=found)
    back = url_for("missions.mission", mission_id=mission_id)
    if request.method == "GET":
        form.fill(found)
    elif form.validate():
        both: Sequence[Both] = ()
        try:
            both = _changed(mission_id, form)
        except StillDeployed as error:
            form.refuse(error, _still_deployed(error.number))
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            if both:
                return _collided(found, form, both, back)
            flash(_("The changes are saved."))
            return redirect(back, 303)
    return _form_page(form, _("Change the mission"), back)


def _changed(mission_id: int, form: MissionForm) -> list[Both]:
    with db.transaction() as session:
        return planning.change(
            session,
            signed_in().viewer,
            mission_id,
            form.values(),
            form.seen_before(),
            today=today(),
            at=clock.now(),
        )


def _still_deployed(number: int) -> str:
    return ngettext(
        "One person is on this mission or goes on it. Cancel that deployment or end it first.",
        "%(num)s people are on this mission or go on it. "
        "Cancel their deployments or end them first.",
        number,
    )


def _collided(
    mission: Mission, form: MissionForm, both: Sequence[Both], back: str
) -> ResponseReturnValue:
    again = MissionForm(formdata=None)
    again.fill(mission)
    again.take_over(form, written(form.values()))
    meanwhile = shown.meanwhile(both, again)
    return _form_page(again, _("Change the mission"), back, meanwhile)[0], 409


def _form_page(
    form: MissionForm, heading: str, back: str, meanwhile: Sequence[dict[str, str]] = ()
) -> tuple[str, int]:
    page = render_template(
        "missions/form.html", form=form, heading=heading, back_url=back, meanwhile=meanwhile
    )
    return page, 422 if form.errors else 200
