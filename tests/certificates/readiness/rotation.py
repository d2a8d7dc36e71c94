"""A rotation with requirements, for the tests of readiness."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.learning.models import Completion, ComponentValidity, Mode
from modules.requirements.models import Requirement
from modules.requirements.validity import Span
from tests.factories import NOW, TODAY, Factory
from training.accounts.models import Person
from training.permissions import Grant, Role, Viewer


def viewer(person: Person, role: Role = Role.TRAINER) -> Viewer:
    """Return somebody with a role in their organisation, or for their unit."""
    unit_id = person.unit_id if role is Role.COMMANDER else None
    home = person.organisation_id
    return Viewer(person.id, home, (Grant(role, home, unit_id=unit_id),))


def requirement(
    make: Factory, organisation_id: int, course: Course | None, **values: Any
) -> Requirement:
    """Require a course, or the mission module, of everybody of an organisation."""
    defaults: dict[str, Any] = {
        "organisation_id": organisation_id,
        "frameworks": [],
        "categories": [],
        "functions": [],
        "rank_bands": [],
        "course_id": course.id if course else None,
        "span": Span.START,
        "due_days_before": 14,
        "waivable": True,
        "made_at": NOW,
    }
    row = Requirement(**defaults | values)
    make.session.add(row)
    make.session.commit()
    return row


def module_of(session: Session, mission_id: int) -> CourseVersion:
    """Publish an empty module of a mission."""
    course = Course(slug=f"mission-{mission_id}", mission_id=mission_id)
    session.add(course)
    session.flush()
    return version_of(session, course)


def version_of(session: Session, course: Course) -> CourseVersion:
    """Publish a version of a course without a lesson."""
    version = CourseVersion(
        course_id=course.id,
        major=1,
        minor=0,
        patch=0,
        title={"en": "Module", "nl": "Module"},
        summary={"en": "", "nl": ""},
        pass_mark=80,
        validity_months=24,
        test_first="never",
        content_hash="0" * 64,
        published_at=NOW,
    )
    session.add(version)
    session.commit()
    return version


def completion(
    make: Factory,
    assignment: Assignment,
    version: CourseVersion,
    achieved_on: date = TODAY - timedelta(days=30),
    valid_until: date = TODAY + timedelta(days=700),
    **components: date,
) -> Completion:
    """Complete an assignment, with components that count until a day of their own."""
    row = Completion(
        assignment_id=assignment.id,
        course_version_id=version.id,
        mode=Mode.ONLINE,
        minutes=90,
        achieved_on=achieved_on,
        recorded_at=NOW,
        valid_until=valid_until,
    )
    assignment.completed_at = NOW
    make.session.add(row)
    make.session.flush()
    make.session.add_all(
        ComponentValidity(
            completion_id=row.id, component=name, title={"en": name, "nl": name}, valid_until=until
        )
        for name, until in components.items()
    )
    make.session.commit()
    return row
