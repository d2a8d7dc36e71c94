"""Somebody of whom there is something of everything, and their removal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register import services as register
from modules.catalogue.models import Course, CourseVersion
from modules.remarks import services as remarks
from modules.remarks.models import Kind, Subject
from modules.remarks.services import Target
from tests.certificates.register.test_register import earn
from tests.factories import NOW, TODAY, Factory
from training.accounts import sessions
from training.accounts.models import (
    Organisation,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
    Transfer,
)
from training.expiry import registry, services
from training.imports.models import SetAside
from training.kept import corrections
from training.kept import services as kept
from training.kept.models import About, Sex
from training.mail import services as outbox
from training.mail.services import Wish
from training.permissions import Role

NAME, USER_NAME, NUMBER = "Wilhelmina Achterberg", "w.achterberg", "Q70707"
YEARS = timedelta(days=366 * 8)
Remove = Callable[[int, datetime], bool]


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of everybody."""
    return make.organisation()


@pytest.fixture
def person(
    app: Flask, make: Factory, course: Course, session: Session, home: Organisation
) -> Person:
    """Return somebody of whom there is something of everything, and who has left."""
    names: dict[str, Any] = {
        "printed_name": NAME,
        "user_name": USER_NAME,
        "personnel_number": NUMBER,
    }
    found = make.person(organisation=home, **names, email="w.achterberg@home.example", rank="Maj")
    make.deployment(found, make.mission(), starts_on=TODAY, ends_on=TODAY)
    certificate = earn(app, make, course, session, found)
    register.confirm_name(session, found.id, certificate.id, NAME, at=NOW)
    session.commit()
    make.document(certificate)
    token = sessions.begin(session, found.id, own_device=False, at=NOW)
    sessions.hold_form(session, token, "/", [["a", NAME]], at=NOW)
    kept.tell_sex(session, found.id, Sex.WOMAN, at=NOW)
    kept.store(session, kept.want_paper(session, found.id, "en", at=NOW).id, b"%PDF", at=NOW)
    corrections.ask(session, found.id, About.DETAILS, NAME, "Right.", "token", at=NOW)
    outbox.queue(session, "assigned", [Wish(found.id, 1, {})], at=NOW)
    version = session.scalars(select(CourseVersion.id)).first() or 0
    target = Target(Subject.LESSON, version, "a/b")
    remarks.send(session, found.id, target, "en", Kind.WRONG, "No.", today=TODAY, at=NOW)
    clerk = make.person(Role.ADMINISTRATOR, organisation=home)
    session.add_all(
        [
            RoleGrant(person_id=found.id, role=Role.TRAINER, organisation_id=home.id),
            SecondFactor(person_id=found.id, salt="salt", last_step=1, set_up_at=NOW),
            RecoveryCode(person_id=found.id, code_hash="hash"),
            Transfer(
                person_id=found.id,
                from_organisation_id=home.id,
                code_hash="hash",
                made_at=NOW,
                expires_at=NOW,
            ),
            *(_aside(home, clerk, cells) for cells in ({"user_name": USER_NAME}, {"rank": "Maj"})),
        ]
    )
    found.is_active, found.left_at = False, NOW
    session.commit()
    return found


def _aside(home: Organisation, clerk: Person, cells: dict[str, str]) -> SetAside:
    return SetAside(
        organisation_id=home.id,
        digest=str(cells),
        row=1,
        cells=cells,
        field="rank",
        reason="x",
        set_aside_by_id=clerk.id,
        set_aside_at=NOW,
    )


@pytest.fixture
def remove(app: Flask, session: Session) -> Remove:
    """Return what writes down whose years are over, and ninety days later removes one."""

    def removed(person_id: int, at: datetime) -> bool:
        with app.app_context():
            erasures = registry.erasures()
        services.write_down(session, 0, erasures, at=at)
        done = services.remove(session, person_id, erasures, at=at + timedelta(days=90))
        session.commit()
        return done

    return removed
