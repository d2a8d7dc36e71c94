"""Two records of one organisation, and what merges and parts them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from tests.factories import NOW, Factory
from training import db
from training.accounts.models import Organisation, Person
from training.errors import DomainError
from training.merging import services
from training.merging.models import MergeRecord
from training.merging.views import merges
from training.parts import registered
from training.permissions import Grant, Role, Viewer

Act = Callable[..., None]
Rows = Mapping[int, tuple[int, int]]


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of both records."""
    return make.organisation()


@pytest.fixture
def desk(make: Factory, home: Organisation) -> Viewer:
    """Return an administrator of that organisation."""
    person = make.person(Role.ADMINISTRATOR, organisation=home)
    return Viewer(person.id, home.id, (Grant(Role.ADMINISTRATOR, home.id),))


@pytest.fixture
def merge(app: Flask, session: Session, desk: Viewer) -> Act:
    """Return what merges the second of two records into the first."""
    with app.app_context():
        found = merges()

    def merged(kept: Person, gone: Person, viewer: Viewer = desk) -> None:
        try:
            services.merge(session, viewer, kept.id, gone.id, found, at=NOW)
        except DomainError:
            session.rollback()
            raise
        session.commit()

    return merged


@pytest.fixture
def undo(app: Flask, session: Session, desk: Viewer) -> Act:
    """Return what undoes the last merge so many days later."""
    with app.app_context():
        found = merges()

    def undone(days: int = 1) -> None:
        last = session.scalars(select(MergeRecord.id).order_by(MergeRecord.id.desc())).first()
        try:
            services.undo(session, desk, last or 0, found, at=NOW + timedelta(days=days))
        except DomainError:
            session.rollback()
            raise
        session.commit()

    return undone


def cycles(make: Factory) -> Rows:
    """Return the owner and the number of each assignment."""
    return {row.id: (row.person_id, row.cycle) for row in make.rows(select(Assignment))}


def sentences(app: Flask) -> list[str]:
    """Return all that `training check` finds."""
    with app.app_context():
        return [s for part in registered() if part.check for s in part.check(db.session())]
