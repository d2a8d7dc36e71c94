"""Certificates of those who passed before their version was approved."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register import checks, late
from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Approval, Course, CourseVersion
from modules.learning.models import Completion
from tests.conftest import Browsers, Worker
from tests.editions import publish_edition
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from training.accounts.models import Organisation, Person

NOT_YET = "No certificate yet: this content has not been approved by a gender adviser."


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return an organisation."""
    return make.organisation()


@pytest.fixture
def passed(
    app: Flask, make: Factory, course: Course, home: Organisation, tmp_path: Path
) -> Assignment:
    """Return the assignment of somebody who passed what nobody has approved."""
    app.extensions["settings"] = replace(app.extensions["settings"], demonstration=False)
    publish_edition(app, tmp_path / "curriculum", "1.0.0")
    return earn(app, make, make.assignment(make.person(organisation=home), course))


def earn(app: Flask, make: Factory, assignment: Assignment) -> Assignment:
    """Pass."""
    make.read_all(assignment)
    with app.app_context():
        attempt = make.attempt(assignment)
        make.answer(attempt, assignment.person_id)
        make.submit(attempt, assignment.person_id)
    return assignment


def approve(make: Factory, organisation: Organisation | None = None) -> Approval:
    """Approve the whole version afterwards."""
    version_id = make.session.scalars(
        select(CourseVersion.id).where(CourseVersion.major == 1)
    ).one()
    approval = Approval(
        course_version_id=version_id,
        organisation_id=organisation.id if organisation else None,
        function="Gender adviser",
        approved_on=TODAY,
        approved_at=NOW + timedelta(days=1),
    )
    make.session.add(approval)
    make.session.commit()
    return approval


def test_who_passed_too_early_is_told_so_and_gets_the_certificate_when_it_is_approved(
    make: Factory, passed: Assignment, browser: Browsers, session: Session, worker: Worker
) -> None:
    page = browser(session.get_one(Person, passed.person_id))
    session.commit()
    worker()
    assert NOT_YET in page.get(f"/learn/{passed.id}/").text
    assert make.rows(select(Certificate)) == []
    approve(make)
    worker()
    worker()
    (certificate,) = make.rows(select(Certificate))
    assert (certificate.approved_by, certificate.version) == ("Gender adviser", "1.0.0")
    assert "Confirm your name" in page.get("/").text
    assert checks.contradictions(session, demonstration=False) == []


def test_workers_at_once_make_one_certificate(
    engine: Engine, make: Factory, passed: Assignment
) -> None:
    approve(make)
    (completion_id,) = late.waiting(make.session)
    make.session.commit()
    made = at_once(engine, lambda session, _n: late.issue(session, completion_id, at=NOW))
    assert len([certificate for certificate in made if certificate]) == 1
    assert len(make.rows(select(Certificate))) == 1


def test_an_approval_of_another_organisation_or_one_withdrawn_gives_none(
    make: Factory, passed: Assignment, worker: Worker
) -> None:
    approve(make, make.organisation())
    approve(make).withdrawn_at = NOW + timedelta(days=2)
    make.session.commit()
    worker()
    assert make.rows(select(Certificate)) == []


def test_a_completion_that_was_annulled_gets_none(
    make: Factory, passed: Assignment, worker: Worker
) -> None:
    make.rows(select(Completion))[0].annulled_on = TODAY
    make.session.commit()
    approve(make)
    worker()
    assert make.rows(select(Certificate)) == []


def test_who_holds_a_later_certificate_gets_none_for_the_time_before(
    app: Flask, make: Factory, course: Course, passed: Assignment, session: Session, worker: Worker
) -> None:
    approval = approve(make)
    again = make.assignment(session.get_one(Person, passed.person_id), course, cycle=2)
    session.commit()
    earn(app, make, again)
    assert approval.withdrawn_at is None
    worker()
    (certificate,) = make.rows(select(Certificate))
    completion = session.get_one(Completion, certificate.completion_id)
    assert completion.assignment_id == again.id
