"""What readiness keeps of a person, for that person: the waivers for their deployments."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from certificates.readiness.models import Waiver
from certificates.readiness.wording import title
from modules.catalogue.taught import newest_version_of
from modules.requirements.models import Requirement
from training import i18n
from training.missions.models import Deployment
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return every waiver that was asked for the person."""
    return (KeptSection("waivers", _("Waivers for you"), list(_waivers(session, person_id))),)


def _waivers(session: Session, person_id: int) -> Iterator[Kept]:
    version = newest_version_of(Requirement.course_id)  # type: ignore[arg-type]
    query = (
        select(Waiver, version)
        .join(Waiver.requirement)
        .join(Waiver.deployment)
        .where(Deployment.person_id == person_id)
        .options(joinedload(Waiver.requirement))
    )
    for row, version_id in session.execute(query.order_by(Waiver.id)):
        asked = row.requirement
        yield Kept(
            "waiver",
            title(session, asked.course_id, version_id, asked.component),
            _("%(reason)s Until %(day)s.", reason=row.reason, day=i18n.day(row.ends_on)),
            row.asked_by_id,
            row.asked_at,
            None,
            {
                "reason": row.reason,
                "authority": row.authority,
                "ends_on": row.ends_on,
                "granted_at": row.granted_at,
                "refused_at": row.refused_at,
                "ended_at": row.ended_at,
            },
        )
