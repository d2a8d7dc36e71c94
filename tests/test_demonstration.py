"""The demonstration: sixty invented people in every stage, made once, and marked everywhere."""

import subprocess
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.learning.models import Reading
from quizzes.attempts.models import Attempt, Status, Unlock
from quizzes.progress.states import State
from tests.conftest import Browsers, Worker
from tests.factories import NOW, Factory
from tests.training.conftest import embedded
from training import clock
from training.accounts import demonstration, invented_roster
from training.accounts.invented import Stage
from training.accounts.models import Person
from training.orm import Base
from training.parts import registered

LESSONS = 4
# Lessons ticked, where the last attempt stands, and whether the certificate has its name.
STAGES: dict[Stage, tuple[int, Status | None, bool | None]] = {
    Stage.NEW: (0, None, None),
    Stage.BEGUN: (1, None, None),
    Stage.READING: (2, None, None),
    Stage.READ: (LESSONS, None, None),
    Stage.TESTING: (LESSONS, Status.OPEN, None),
    Stage.CHECK: (LESSONS, Status.CONDUCT_CHECK, None),
    Stage.FAILED: (LESSONS, Status.FAILED, None),
    Stage.FAILED_THRICE: (LESSONS, Status.FAILED, None),
    Stage.PASSED: (LESSONS, Status.PASSED, False),
    Stage.CERTIFIED: (LESSONS, Status.PASSED, True),
}


@pytest.fixture
def filled(app: Flask, course: Course, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return the application with its demonstration."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    fill(app)
    return app


def fill(app: Flask, days: int = 0) -> None:
    """Fill the demonstration as `training demo` does."""
    with app.app_context():
        for part in registered():
            if part.demonstrate:
                part.demonstrate(NOW + timedelta(days=days))


def everything(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def test_filling_it_again_changes_nothing(filled: Flask, engine: Engine) -> None:
    before = everything(engine)
    fill(filled)
    fill(filled, days=30)
    assert everything(engine) == before
    people, second_records = 62, 1  # One of them has been entered twice, to be merged.
    assert len(before["person"]) == people + second_records


@embedded
def test_somebody_stands_in_every_stage(filled: Flask, session: Session) -> None:
    people = {someone.user_name: someone.stage for someone in invented_roster.people()}
    assert set(people.values()) == set(STAGES) == set(Stage)
    ticked = select(func.count(Reading.id)).where(Reading.assignment_id == Assignment.id)
    mine = select(Attempt.status).where(Attempt.assignment_id == Assignment.id)
    query = select(
        Person.user_name,
        ticked.scalar_subquery(),
        mine.order_by(Attempt.number.desc()).limit(1).scalar_subquery(),
        select(Certificate.issued_at.is_not(None))
        .where(Certificate.person_id == Person.id)
        .scalar_subquery(),
    ).join(Assignment, Assignment.person_id == Person.id)
    found = {name: (read, last, named) for name, read, last, named in session.execute(query)}
    assert found == {name: STAGES[stage] for name, stage in people.items()}
    failed = select(Attempt.assignment_id).where(Attempt.status == Status.FAILED)
    times = Counter(session.scalars(failed))
    stuck = {assignment for assignment, n in times.items() if n == 3}
    assert stuck == set(session.scalars(select(Unlock.assignment_id)))
    assert len(stuck) == Counter(people.values())[Stage.FAILED_THRICE]


@embedded
def test_every_button_leads_past_the_banner_and_a_trainer_sees_every_state(
    filled: Flask, browser: Browsers
) -> None:
    pages = {}
    for shown in demonstration.SHOWN:
        page = pages[shown["user_name"]] = browser(None)
        page.post("/demonstration", {"user_name": shown["user_name"]})
        assert "Demonstration: invented people, no valid certificates." in page.get("/").text
    for state in State:
        listed = pages["willem.brouwer"].get(f"/progress/?state={state.value}").text
        assert 'name="chosen"' in listed, state
    trainer = pages["willem.brouwer"]
    trainer.keep(csrf_token="token")
    assert 'name="chosen"' not in trainer.post("/progress/", {"q": "nobody"}, 200).text


@embedded
def test_its_documents_say_demonstration_and_a_lost_letter_blocks_one(
    filled: Flask, make: Factory, session: Session, worker: Worker
) -> None:
    # Two of many are enough, and drawing takes its time.
    names = ("amira.haddad", "goran.kostic")
    theirs = select(Certificate.id).join(Person, Certificate.person_id == Person.id)
    ids = session.scalars(theirs.where(Person.user_name.in_(names))).all()
    session.execute(delete(Document).where(Document.certificate_id.not_in(ids)))
    session.execute(delete(Document).where(Document.language != "en"))
    session.commit()
    worker()
    states = [document.state for document in make.rows(select(Document))]
    assert sorted(s.value for s in states) == sorted(
        s.value for s in (DocumentState.READY, DocumentState.BLOCKED)
    )
    (stored,) = make.rows(select(DocumentContent.data))
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=stored, capture_output=True, check=True).stdout.decode()
    assert "DEMONSTRATION" in text
