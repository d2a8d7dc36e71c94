"""After three failures: asking once, the talk, three more attempts, and nobody for themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.attempts import services as attempts
from quizzes.attempts import sheets, unlocking
from quizzes.attempts.models import Attempt, Unlock
from quizzes.attempts.services import AttemptsUsed
from quizzes.attempts.unlocking import NotStuck
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.quizzes.progress.conftest import Learners, seen
from tests.races import alone, at_once
from training.accounts.models import Person
from training.audit import AuditEvent
from training.errors import Forbidden, NotFound
from training.permissions import Role, Viewer

LATER = NOW + timedelta(days=4)
NOTE = "We went through the six rules together."


@pytest.fixture
def stuck(learners: Learners) -> Assignment:
    """Return the assignment of somebody who has failed three times."""
    return learners.stuck()


def unlock(engine: Engine, viewer: Viewer, assignment: Assignment) -> None:
    """Unlock in a transaction of its own."""
    alone(engine, lambda s: unlocking.unlock(s, viewer, assignment.id, NOTE, at=NOW))


def refused(make: Factory, assignment: Assignment) -> None:
    """Try to begin one attempt more, in vain."""
    with pytest.raises(AttemptsUsed):
        make.attempt(assignment)
    make.session.rollback()
    make.session.refresh(assignment)
    make.session.commit()


def of(make: Factory, assignment: Assignment) -> Person:
    """Return whose assignment it is."""
    return make.rows(select(Person).where(Person.id == assignment.person_id))[0]


def test_an_unlock_opens_three_more_attempts_and_no_fourth(
    engine: Engine, viewer: Viewer, stuck: Assignment, learners: Learners, make: Factory
) -> None:
    refused(make, stuck)
    unlock(engine, viewer, stuck)
    assert learners.fail(stuck, 3).number == 6
    refused(make, stuck)
    unlock(engine, viewer, stuck)
    assert make.attempt(stuck).number == 7


def test_asking_twice_asks_once(make: Factory, stuck: Assignment, learners: Learners) -> None:
    learners.ask(stuck)
    learners.ask(stuck, NOW + timedelta(hours=1))
    row = make.rows(select(Unlock))
    assert [(u.number, u.asked_at, u.unlocked_at) for u in row] == [(1, NOW, None)]


def test_nothing_is_asked_while_attempts_are_left(
    engine: Engine, learners: Learners, viewer: Viewer
) -> None:
    assignment = learners.reading()
    learners.fail(assignment, 2)
    with pytest.raises(NotStuck):
        learners.ask(assignment)
    with pytest.raises(NotStuck):
        unlock(engine, viewer, assignment)


def test_eight_trainers_at_once_make_one_unlock(
    engine: Engine, make: Factory, stuck: Assignment, learners: Learners
) -> None:
    viewers = [seen(make.person(Role.TRAINER, organisation=learners.home)) for _ in range(8)]

    def act(session: Session, number: int) -> bool:
        try:
            unlocking.unlock(session, viewers[number], stuck.id, NOTE, at=NOW)
        except NotStuck:
            return False
        return True

    assert sum(at_once(engine, act)) == 1
    assert len(make.rows(select(Unlock))) == 1


def test_eight_requests_at_once_are_one(engine: Engine, make: Factory, stuck: Assignment) -> None:
    at_once(engine, lambda s, _n: unlocking.ask(s, stuck.person_id, stuck.id, at=NOW))
    assert len(make.rows(select(Unlock))) == 1


def test_pressing_twice_unlocks_once(
    engine: Engine, make: Factory, viewer: Viewer, stuck: Assignment
) -> None:
    unlock(engine, viewer, stuck)
    unlock(engine, viewer, stuck)
    assert [u.note for u in make.rows(select(Unlock))] == [NOTE]
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "unlock.granted"))
    assert [(e.actor_id, e.subject_id) for e in events] == [(viewer.person_id, stuck.id)]
    assert NOTE not in str(events[0].detail)


def test_nobody_unlocks_their_own_test(
    engine: Engine, make: Factory, trainer: Person, course: Course, learners: Learners
) -> None:
    own = make.assignment(trainer, course)
    make.read_all(own)
    learners.fail(own, 3)
    learners.ask(own)
    with pytest.raises(Forbidden):
        unlock(engine, seen(trainer), own)
    with engine.connect() as connection, Session(connection) as session:
        assert unlocking.requests(session, seen(trainer), at=LATER) == []


def test_a_stranger_does_not_find_it(engine: Engine, make: Factory, stuck: Assignment) -> None:
    with pytest.raises(NotFound):
        unlock(engine, seen(make.person(Role.TRAINER)), stuck)


def test_hr_has_it_after_a_working_day_and_not_before(
    session: Session, engine: Engine, hr: Person, viewer: Viewer, learners: Learners
) -> None:
    stuck = learners.stuck()
    office = seen(hr, Role.HR)
    with pytest.raises(NotFound):  # Nobody has asked.
        unlock(engine, office, stuck)
    learners.ask(stuck)
    assert len(unlocking.requests(session, viewer, at=NOW)) == 1
    assert unlocking.requests(session, office, at=NOW) == []
    assert len(unlocking.requests(session, office, at=LATER)) == 1
    session.commit()
    with pytest.raises(NotFound):
        unlock(engine, office, stuck)
    alone(engine, lambda s: unlocking.unlock(s, office, stuck.id, NOTE, at=LATER))
    assert unlocking.requests(session, viewer, at=LATER) == []


def test_what_was_missed_counts_the_last_three_attempts_only(
    session: Session,
    engine: Engine,
    viewer: Viewer,
    stuck: Assignment,
    learners: Learners,
    make: Factory,
) -> None:
    def total() -> int:
        found = sum(m.asked for m in unlocking.missed(session, stuck.id))
        session.commit()
        return found

    questions = len(sheets.sheet(session, stuck.person_id, last_of(make, stuck)).current)
    session.commit()
    assert 0 < total() <= 3 * questions
    unlock(engine, viewer, stuck)
    learners.fail(stuck, 3)
    assert 0 < total() <= 3 * questions


def last_of(make: Factory, assignment: Assignment) -> int:
    """Return the id of the last attempt."""
    query = select(Attempt).where(Attempt.assignment_id == assignment.id)
    return make.rows(query.order_by(Attempt.number))[-1].id


def test_the_learner_asks_with_one_click_and_sees_who_has_it(
    browser: Browsers,
    page: Browser,
    make: Factory,
    stuck: Assignment,
    hr: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learner = browser(of(make, stuck))
    result = f"/attempts/{last_of(make, stuck)}/result"
    assert "Ask my trainer to unlock" in learner.get("/").text
    text = learner.get(result).text
    assert "Tessa Trainer" in text
    assert "Hanna Office" not in text
    assert learner.post(f"/learn/{stuck.id}/unlock").location == result
    text = learner.get(result).text
    assert "You asked on" in text
    assert "Ask my trainer" not in text
    assert "Your mission trainer has it" in learner.get("/").text
    monkeypatch.setattr("training.clock.now", lambda: NOW + timedelta(hours=25))
    learner = browser(of(make, stuck))
    assert "Hanna Office" in learner.get(result).text
    assert "mission trainer and HR have it" in learner.get("/").text


def test_from_the_top_of_the_list_to_an_open_test(
    browser: Browsers, page: Browser, make: Factory, stuck: Assignment, learners: Learners
) -> None:
    learners.ask(stuck)
    path = f"/progress/unlock/{stuck.id}"
    text = page.get("/progress/").text
    assert text.index(path) < text.index("<table")
    text = page.get(path).text
    assert "What was not understood" in text
    assert 'class="trail"' in text, "it leads back to the list"
    for bad in ("", "   ", "x" * 1001, "a\x00b", "a\u202eb"):
        page.post(path, {"note": bad}, expect=422)
    page.post(path, {"note": NOTE})
    assert path not in page.get("/progress/").text
    learner = browser(of(make, stuck))
    assert "Start the test" in learner.get(f"/learn/{stuck.id}/test").text
    page.post(path, {"note": NOTE})  # The back button and once more.
    page.get(path, expect=409)


def test_a_strangers_assignment_cannot_be_asked_for(
    browser: Browsers, make: Factory, stuck: Assignment
) -> None:
    browser(make.person()).post(f"/learn/{stuck.id}/unlock", expect=404)
    browser(make.person(Role.TRAINER)).get(f"/progress/unlock/{stuck.id}", expect=404)


def test_pages_of_somebody_stuck_stay_within_five_statements(
    browser: Browsers, make: Factory, stuck: Assignment, statements: list[str], trainer: Person
) -> None:
    learner = browser(of(make, stuck))
    result = f"/attempts/{last_of(make, stuck)}/result"
    for path in ("/", result):
        learner.get(path)
        del statements[:]
        learner.get(path)
        asked = [s for s in statements if s.startswith(("SELECT", "INSERT", "UPDATE", "WITH"))]
        assert len(asked) <= 5, asked


def test_a_double_start_after_an_unlock_is_one_attempt(
    engine: Engine, viewer: Viewer, stuck: Assignment, make: Factory
) -> None:
    unlock(engine, viewer, stuck)
    at_once(engine, lambda s, _n: attempts.start(s, stuck.person_id, stuck.id, at=NOW).id)
    assert [a.number for a in make.rows(select(Attempt).order_by(Attempt.number))] == [1, 2, 3, 4]
