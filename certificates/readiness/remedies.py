"""What can be done about something not met, and where, for those who may do it."""

from flask import url_for
from flask_babel import gettext as _

from certificates.readiness.assessing import Finding, Going
from certificates.readiness.judging import Reason
from training.permissions import Permission, Viewer


def remedy(viewer: Viewer, going: Going, finding: Finding) -> tuple[str, str] | None:
    """Return the one thing to do about a requirement, for those who may do it."""
    if finding.waiver is not None and _may(viewer, Permission.WAIVE, going.organisation_id):
        return _("See the waiver"), url_for("waivers.waiver", waiver_id=finding.waiver.id)
    if finding.verdict.trained:
        return None
    hopeless = finding.verdict.reason in {Reason.DEPARTED, Reason.IMPOSSIBLE}
    if hopeless and (url := waive(viewer, going, finding)):
        return _("Ask for a waiver"), url
    return _training(viewer, going, finding)


def _training(viewer: Viewer, going: Going, finding: Finding) -> tuple[str, str] | None:
    open_, home = finding.open, going.organisation_id
    trains = _may(viewer, Permission.ASSIGN, home)
    if open_ is None and trains:
        return _("Assign training"), url_for("assignments.assign", to=going.user_name)
    if open_ is None:
        return None
    if finding.verdict.reason is Reason.BLOCKED and trains:
        return _("Talk and unlock"), url_for("talks.talk", assignment_id=open_.assignment_id)
    fine = finding.verdict.reason is Reason.UNDER_WAY
    if fine or not _may(viewer, Permission.FOLLOW, home):
        return None
    return _("To the progress list"), url_for("progress.progress", course=open_.course_id)


def waive(viewer: Viewer, going: Going, finding: Finding) -> str | None:
    """Return where a waiver can be asked for, when it can."""
    free = finding.required.waivable and finding.waiver is None and not finding.verdict.trained
    mine = going.person_id != viewer.person_id
    if not (free and mine and _may(viewer, Permission.WAIVE, going.organisation_id)):
        return None
    return url_for(
        "waivers.ask",
        deployment_id=going.deployment_id,
        requirement_id=finding.required.id,
    )


def _may(viewer: Viewer, permission: Permission, organisation_id: int) -> bool:
    organisations = viewer.organisations(permission)
    return organisations is None or organisation_id in organisations
