"""When the years are over nothing is left of a person, and every certificate still holds."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, String, func, select, update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, DocumentContent, Withdrawal
from certificates.register.state import State
from certificates.verification.services import verify
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.learning.models import Completion
from quizzes.attempts.models import Attempt
from tests.certificates.register.test_register import earn
from tests.factories import NOW, TODAY, Factory
from tests.training.expiry.conftest import NAME, NUMBER, USER_NAME, YEARS, Remove
from training import db
from training.accounts import sessions
from training.accounts.models import (
    Organisation,
    Person,
)
from training.audit import AuditEvent
from training.kept.models import PersonStatistic, Sex
from training.mail import services as outbox
from training.orm import Base
from training.parts import registered


def texts(session: Session) -> Iterator[tuple[str, str]]:
    """Return every table with all that its rows say."""
    for table in Base.metadata.sorted_tables:
        columns = [c.cast(String) for c in table.columns if not isinstance(c.type, LargeBinary)]
        for row in session.execute(select(*columns)):
            yield table.name, " ".join(str(cell) for cell in row)
    session.commit()


def sentences(app: Flask) -> list[str]:
    """Return all that `training check` finds."""
    with app.app_context():
        return [s for part in registered() if part.check for s in part.check(db.session())]


def test_only_the_certificate_names_a_person_who_was_removed(
    person: Person, session: Session, remove: Remove
) -> None:
    words = (NAME, NAME.split()[1].lower(), USER_NAME, NUMBER)
    named = {table for table, said in texts(session) if any(word in said for word in words)}
    assert {"person", "held_form", "correction_request", "import_set_aside"} <= named
    assert remove(person.id, NOW + YEARS)
    named = {table for table, said in texts(session) if any(word in said for word in words)}
    assert named == {"certificate"}


def test_nothing_leads_to_a_person_who_was_removed_but_their_remarks(
    app: Flask, person: Person, session: Session, remove: Remove
) -> None:
    remove(person.id, NOW + YEARS)
    leading = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
        and session.scalar(select(func.count()).select_from(table).where(column == person.id))
    }
    left = [session.scalar(select(func.count()).select_from(m)) for m in (Assignment, Attempt)]
    session.commit()
    assert leading == {"content_remark"}
    assert left == [0, 0]
    assert sentences(app) == []


def test_a_certificate_is_verified_as_issued_after_its_holder_was_removed(
    person: Person, session: Session, remove: Remove
) -> None:
    columns = [
        c for c in Certificate.__table__.columns if c.name not in {"person_id", "completion_id"}
    ]
    before = [tuple(row) for row in session.execute(select(*columns))]
    papers = session.scalars(select(DocumentContent.data)).all()
    session.commit()
    remove(person.id, NOW + YEARS)
    assert [tuple(row) for row in session.execute(select(*columns))] == before
    assert session.scalars(select(DocumentContent.data)).all() == papers
    issued = session.scalars(select(Certificate)).one()
    found = verify(session, issued.number, issued.code, TODAY, at=NOW)
    session.commit()
    assert found is not None
    assert found.with_code
    assert found.state is State.VALID
    assert issued.holder_name == NAME


def test_what_was_annulled_stays_invalid_and_a_reason_goes(
    person: Person, session: Session, remove: Remove
) -> None:
    session.execute(update(Completion).values(annulled_on=TODAY))
    session.commit()
    remove(person.id, NOW + YEARS)
    issued = session.scalars(select(Certificate)).one()
    found = verify(session, issued.number, "", TODAY, at=NOW)
    session.commit()
    assert found is not None
    assert found.state is State.WITHDRAWN
    assert session.scalars(select(Withdrawal.reason)).all() == [""]


def test_a_certificate_that_was_never_issued_goes(
    app: Flask,
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    remove: Remove,
) -> None:
    left = make.person(organisation=home, is_active=False)
    earn(app, make, course, session, left)
    assert remove(left.id, NOW + YEARS)
    assert make.rows(select(Certificate)) == []


def test_a_removal_is_one_event_that_names_nobody_and_happens_once(
    person: Person, session: Session, make: Factory, remove: Remove
) -> None:
    assert remove(person.id, NOW + YEARS)
    assert not remove(person.id, NOW + YEARS)
    query = select(AuditEvent).where(AuditEvent.action == "person.removed")
    events = make.rows(query)
    assert [(e.subject_id, e.actor_id, e.detail) for e in events] == [(person.id, None, {})]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"printed_name": "Robin"}, "recognised"),
        ({"email": "a@b.example"}, "recognised"),
        ({"start_code_hash": "hash"}, "recognised"),
        ({"is_active": True}, "recognised"),
    ],
)
def test_somebody_removed_who_can_be_recognised_is_found(
    app: Flask,
    make: Factory,
    person: Person,
    session: Session,
    remove: Remove,
    values: dict[str, object],
    words: str,
) -> None:
    remove(person.id, NOW + YEARS)
    session.execute(update(Person).where(Person.id == person.id).values(values))
    session.commit()
    assert any(words in sentence for sentence in sentences(app))


def test_rows_of_somebody_removed_are_found(
    app: Flask, make: Factory, person: Person, session: Session, course: Course, remove: Remove
) -> None:
    remove(person.id, NOW + YEARS)
    make.assignment(person, course)
    make.deployment(person, make.mission())
    sessions.begin(session, person.id, own_device=False, at=NOW)
    outbox.queue(session, "x", [], at=NOW)
    session.add(PersonStatistic(person_id=person.id, sex=Sex.WOMAN, set_at=NOW))
    session.execute(update(Certificate).values(person_id=person.id))
    session.commit()
    found = " ".join(sentences(app))
    for table in ("assignment", "deployment", "sign_in_session", "person_statistic", "certificate"):
        assert f"still has rows in {table}." in found
