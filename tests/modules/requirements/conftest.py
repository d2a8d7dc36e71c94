"""What the tests of requirements begin with: an organisation, its rules and who goes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.learning.models import Completion, ComponentValidity, Mode
from modules.requirements.models import Requirement
from modules.requirements.validity import Span
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Organisation, Person
from training.missions import deployments
from training.missions.models import Deployment, Mission
from training.permissions import Grant, Role, Viewer

DAY = timedelta(days=1)


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation."""
    return make.organisation()


@pytest.fixture
def mission(make: Factory) -> Mission:
    """Return a mission."""
    return make.mission()


@pytest.fixture
def person(make: Factory, home: Organisation) -> Person:
    """Return somebody of the organisation."""
    return make.person(organisation=home)


@pytest.fixture
def trainer(make: Factory, home: Organisation) -> Person:
    """Return its trainer."""
    return make.person(Role.TRAINER, organisation=home)


@pytest.fixture
def viewer(trainer: Person, home: Organisation) -> Viewer:
    """Return the trainer as services see them."""
    return Viewer(trainer.id, home.id, (Grant(Role.TRAINER, home.id),))


@pytest.fixture
def page(browser: Browsers, trainer: Person) -> Browser:
    """Return the trainer's browser."""
    return browser(trainer)


Ruler = Callable[..., Requirement]


@pytest.fixture
def rule(session: Session, home: Organisation, course: Course) -> Ruler:
    """Return what makes a rule: the course for everybody, thirty days before they leave."""

    def make_rule(**values: Any) -> Requirement:
        defaults: dict[str, Any] = {
            "organisation_id": home.id,
            "frameworks": [],
            "categories": [],
            "functions": [],
            "rank_bands": [],
            "course_id": course.id,
            "span": Span.START,
            "due_days_before": 30,
            "waivable": True,
            "made_at": NOW,
        }
        row = Requirement(**defaults | values)
        session.add(row)
        session.commit()
        return row

    return make_rule


Sender = Callable[..., Deployment]


@pytest.fixture
def send(
    app: Flask, session: Session, viewer: Viewer, home: Organisation, mission: Mission
) -> Sender:
    """Return what sends somebody on the mission, as the trainer does, 60 days from now."""

    def send_one(person: Person | None, **values: Any) -> Deployment:
        starts_on = values.pop("starts_on", TODAY + 60 * DAY)
        defaults = {
            "person_id": person.id if person else None,
            "category": person.category if person else "military",
            "functions": [],
            "starts_on": starts_on,
            "ends_on": values.pop("ends_on", starts_on + 180 * DAY),
        }
        found = deployments.deploy(session, viewer, home.id, mission.id, defaults | values, at=NOW)
        session.commit()
        return found

    return send_one


def complete(
    session: Session,
    person: Person,
    course: Course,
    achieved_on: date,
    until: date,
    conduct: date | None = None,
) -> Assignment:
    """Let somebody have completed a course, or what they have open of it, long ago."""
    query = select(Assignment).filter_by(person_id=person.id, course_id=course.id)
    cycles = session.scalars(query).all()
    open_ = [a for a in cycles if a.completed_at is None]
    assignment = (
        open_[0]
        if open_
        else Assignment(
            person_id=person.id, course_id=course.id, cycle=len(cycles) + 1, assigned_at=NOW
        )
    )
    assignment.completed_at = NOW
    session.add(assignment)
    session.flush()
    version = session.scalars(select(CourseVersion).filter_by(course_id=course.id)).one()
    components = [
        ComponentValidity(component="conduct", title={"en": "Conduct"}, valid_until=conduct)
    ]
    session.add(
        Completion(
            assignment_id=assignment.id,
            course_version_id=version.id,
            mode=Mode.ONLINE,
            minutes=60,
            achieved_on=achieved_on,
            recorded_at=NOW,
            valid_until=until,
            components=components if conduct else [],
        )
    )
    session.commit()
    return assignment


Mover = Callable[..., None]


def rows(make: Factory) -> list[Assignment]:
    """Return all assignments."""
    return make.rows(select(Assignment).order_by(Assignment.id))


def dates(make: Factory) -> list[date | None]:
    """Return the due dates of all assignments."""
    return [assignment.due_on for assignment in rows(make)]


@pytest.fixture
def later(session: Session, viewer: Viewer) -> Mover:
    """Return what changes a deployment as the trainer does."""

    def change(deployment: Deployment, at: datetime = NOW, **values: object) -> None:
        deployments.change(session, viewer, deployment.id, values, "Moved.", at=at)
        session.commit()

    return change
