"""What the tests of verification share: an issued certificate."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates.register import services
from certificates.register.models import Certificate
from modules.catalogue.models import Course
from tests.certificates.register.test_register import earn
from tests.factories import NOW, Factory

NAME = "Élodie van 't Hoff"


@pytest.fixture
def certificate(app: Flask, make: Factory, course: Course, session: Session) -> Certificate:
    """Return an issued certificate."""
    person = make.person(printed_name=NAME)
    found = earn(app, make, course, session, person)
    services.confirm_name(session, person.id, found.id, NAME, at=NOW)
    session.commit()
    return found
