"""The desk of waivers: asked by one, granted, refused or ended by another."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.readiness import services, waived, waivers, wording
from certificates.readiness.forms import WaiverForm
from certificates.readiness.models import Waiver
from certificates.readiness.views import today
from training import clock, db
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

bp = Blueprint("waivers", __name__, url_prefix="/waivers")
WAIVE = Permission.WAIVE


@bp.get("/")
@requires(WAIVE)
def listed() -> str:
    """List the waivers asked for, in force and over, the newest first."""
    me, after, day = signed_in(), request.args.get("after", type=row_id), today()
    found = waived.listed(db.session(), me.viewer, after)
    page, more = found[: waived.PAGE], len(found) > waived.PAGE
    return render_template(
        "readiness/waivers.html",
        rows=[_row(each, day) for each in page],
        next_url=url_for("waivers.listed", after=page[-1].waiver.id) if more else None,
    )


def _row(found: waived.Found, day: date) -> dict[str, Any]:
    waiver, requirement = found.waiver, found.waiver.requirement
    person = waiver.deployment.person
    return {
        "name": person.printed_name if person else "",
        "what": wording.title(
            db.session(), requirement.course_id, found.version_id, requirement.component
        ),
        "authority": waiver.authority,
        "ends_on": waiver.ends_on,
        "status": _status(waiver, day),
        "url": url_for("waivers.waiver", waiver_id=waiver.id),
    }


def _status(waiver: Waiver, day: date) -> str:
    if waiver.refused_at is not None:
        return _("Refused")
    if waiver.ended_at is not None or waiver.ends_on < day:
        return _("Over")
    return _("In force") if waiver.granted_at is not None else _("Asked for")


@bp.route("/ask/<int:deployment_id>/<int:requirement_id>", methods=["GET", "POST"])
@requires(WAIVE)
def ask(deployment_id: int, requirement_id: int) -> ResponseReturnValue:
    """Ask that somebody may go without something that is required."""
    form, me, session = WaiverForm(), signed_in(), db.session()
    deployment, required = waivers.subject(session, me.viewer, deployment_id, requirement_id)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                made = waivers.ask(
                    session,
                    me.viewer,
                    deployment_id,
                    requirement_id,
                    form.values(),
                    today=today(),
                    at=clock.now(),
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The waiver is asked for. A colleague has to grant it."))
            return redirect(url_for("waivers.waiver", waiver_id=made.id), 303)
    found = services.of_deployment(session, me.viewer, deployment_id, today())
    names = wording.names(session, (each.required for each in found.findings))
    page = render_template(
        "readiness/ask.html",
        form=form,
        name=found.going.name,
        what=names.get(required.id, ""),
        starts_on=deployment.starts_on,
        ends_on=deployment.ends_on,
        back_url=url_for("readiness.deployment", deployment_id=deployment_id),
    )
    return page, 422 if form.errors else 200


@bp.get("/<int:waiver_id>")
@requires(WAIVE)
def waiver(waiver_id: int) -> str:
    """Show a waiver, with what can be decided about it."""
    me, day = signed_in(), today()
    found = waived.get(db.session(), me.viewer, waiver_id)
    row, one = _row(found, day), found.waiver
    others = one.deployment.person_id != me.person_id
    over = one.refused_at is not None or one.ended_at is not None or one.ends_on < day
    waiting, mine = not over and one.granted_at is None, one.asked_by_id == me.person_id
    return render_template(
        "readiness/waiver.html",
        row=row,
        waiver=one,
        back_url=url_for("readiness.deployment", deployment_id=one.deployment_id),
        grant_url=_to("grant", one) if others and waiting and not mine else None,
        refuse_url=_to("refuse", one) if others and waiting else None,
        end_url=_to("end", one) if others and not over and not waiting else None,
        mine=waiting and mine,
    )


def _to(act: str, found: Waiver) -> str:
    return url_for(f"waivers.{act}", waiver_id=found.id)


@bp.post("/<int:waiver_id>/grant")
@requires(WAIVE)
def grant(waiver_id: int) -> ResponseReturnValue:
    """Grant what a colleague asked for."""
    with db.transaction() as session:
        waivers.grant(session, signed_in().viewer, waiver_id, today=today(), at=clock.now())
    flash(_("The waiver is in force. The person counts as not trained."))
    return redirect(url_for("waivers.waiver", waiver_id=waiver_id), 303)


@bp.post("/<int:waiver_id>/refuse")
@requires(WAIVE)
def refuse(waiver_id: int) -> ResponseReturnValue:
    """Refuse what a colleague asked for, or take back what one asked oneself."""
    with db.transaction() as session:
        waivers.refuse(session, signed_in().viewer, waiver_id, at=clock.now())
    flash(_("The waiver is refused."))
    return redirect(url_for("waivers.waiver", waiver_id=waiver_id), 303)


@bp.post("/<int:waiver_id>/end")
@requires(WAIVE)
def end(waiver_id: int) -> ResponseReturnValue:
    """End a waiver before its last day."""
    with db.transaction() as session:
        waivers.end(session, signed_in().viewer, waiver_id, at=clock.now())
    flash(_("The waiver has ended."))
    return redirect(url_for("waivers.waiver", waiver_id=waiver_id), 303)
