"""What missions keep of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from training import i18n
from training.missions.models import Deployment
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return the deployments of a person."""
    return (
        KeptSection("deployments", _("Your deployments"), list(_deployments(session, person_id))),
    )


def _deployments(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(Deployment).where(Deployment.person_id == person_id)
    options = joinedload(Deployment.mission)
    for row in session.scalars(query.options(options).order_by(Deployment.starts_on)):
        first, last = i18n.day(row.starts_on), i18n.day(row.ends_on)
        days = _("%(first)s until %(last)s", first=first, last=last)
        yield Kept(
            "deployment",
            row.mission.name,
            _("%(days)s, cancelled", days=days) if row.cancelled_at else days,
            _("Your organisation"),
            None,
            None,
            {
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "category": row.category,
                "functions": row.functions,
                "post": row.post,
                "cancelled_at": row.cancelled_at,
            },
        )
