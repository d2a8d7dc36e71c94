"""Whether a course version is approved now. It is asked anew each time: it can be withdrawn."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ScalarSelect, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from modules.catalogue.models import Approval


class Approved(NamedTuple):
    """In which function a version was approved, and on which day."""

    function: str
    approved_on: date


def in_force(version_id: ScalarSelect[Any] | BindParameter[int]) -> ScalarSelect[Any]:
    """Return the expression for the approval of a version; the organisation is a parameter.

    An organisation's own word comes before that for all of them.
    """
    approval = aliased(Approval)
    return (
        select(approval.id)
        .where(
            approval.course_version_id == version_id,
            approval.withdrawn_at.is_(None),
            or_(
                approval.organisation_id.is_(None),
                approval.organisation_id == bindparam("organisation"),
            ),
        )
        .order_by(approval.organisation_id.is_(None))
        .limit(1)
        .scalar_subquery()
    )


_OF_VERSION = select(Approval.function, Approval.approved_on).where(
    Approval.id == in_force(bindparam("version"))
)


def approval_of(session: Session, version_id: int, organisation_id: int) -> Approved | None:
    """Return the approval that holds for the people of an organisation."""
    values = {"version": version_id, "organisation": organisation_id}
    found = session.execute(_OF_VERSION, values).first()
    return Approved(*found) if found else None
