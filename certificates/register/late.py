"""Certificates of those who passed before their version was approved; the sweep makes them."""

from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from certificates.register import services
from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Approval, CourseVersion
from modules.learning.models import Completion
from training.accounts.models import Person

AT_ONCE = 500


def waiting(session: Session) -> list[int]:
    """Return completions that could have a certificate by now, the earliest achieved first."""
    query = _waiting().order_by(Completion.achieved_on, Completion.id).limit(AT_ONCE)
    return list(session.scalars(query))


def issue(session: Session, completion_id: int, *, at: datetime) -> Certificate | None:
    """Make the certificate of a completion that waited; None where another worker was quicker."""
    found = session.get_one(Completion, completion_id)
    assignment = session.get_one(Assignment, found.assignment_id)
    # Its name may be frozen at once, so that nobody may change it meanwhile.
    session.get_one(Person, assignment.person_id, with_for_update=True, populate_existing=True)
    query = _waiting().where(Completion.id == completion_id).with_for_update(of=Completion)
    if session.scalar(query) is None:
        return None
    return services.prepare(session, completion_id, demonstration=False, at=at)


def _waiting() -> Select[int]:
    approved = exists().where(
        Approval.course_version_id == CourseVersion.id,
        Approval.withdrawn_at.is_(None),
        or_(Approval.organisation_id.is_(None), Approval.organisation_id == Person.organisation_id),
    )
    # Its own, or a later one: whoever renewed the course needs no paper of the time before, which
    # would have the higher number and pass for the newer.
    held = exists().where(
        Certificate.person_id == Person.id,
        Certificate.course_id == Assignment.course_id,
        Certificate.achieved_on >= Completion.achieved_on,
    )
    return (
        select(Completion.id)
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .join(Assignment, Assignment.id == Completion.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Completion.annulled_on.is_(None), CourseVersion.major > 0, approved, ~held)
    )
