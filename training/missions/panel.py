"""The deployments of a person, on that person's page, for those who plan."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload

from training import i18n
from training.missions import deployments
from training.missions.models import Deployment
from training.parts import Panel, PanelRow
from training.permissions import Permission, Viewer


def panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    """Return the deployments of a person that the viewer plans, the latest first."""
    if not viewer.may(Permission.PLAN):
        return None
    query = deployments.within(viewer).where(Deployment.person_id == person_id)
    found = session.scalars(
        query.options(joinedload(Deployment.mission)).order_by(Deployment.starts_on.desc())
    )
    nothing = _("No deployment is known. Open a mission to add one.")
    missions = url_for("missions.listed")
    rows = tuple(_row(one) for one in found)
    return Panel(_("Deployments"), rows, _("Missions"), missions, nothing)


def _row(one: Deployment) -> PanelRow:
    days = _("%(first)s until %(last)s", first=i18n.day(one.starts_on), last=i18n.day(one.ends_on))
    if one.cancelled_at is not None:
        days = _("%(days)s, cancelled", days=days)
    url = url_for("deployments.deployment", deployment_id=one.id)
    return PanelRow(one.mission.name, days, url)
