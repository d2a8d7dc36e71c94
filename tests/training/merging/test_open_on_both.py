"""A course that both records of a person have open: the person loses nothing of either."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion, Lesson
from modules.learning.models import Completion, Reading
from modules.remarks import services as remarks
from modules.remarks.models import ContentRemark, Kind, Subject
from modules.remarks.services import Target
from quizzes.attempts.models import Attempt, Status, Unlock
from tests.factories import NOW, TODAY, Factory
from tests.training.merging.conftest import Act, cycles, sentences
from training.accounts.models import Organisation, Person
from training.kept import corrections
from training.kept.models import About
from training.mail import services as outbox
from training.mail.models import OutboxMail
from training.mail.services import Wish
from training.merging.services import CannotMerge

Both = tuple[Assignment, Assignment]


@pytest.fixture
def both(make: Factory, course: Course, home: Organisation) -> Both:
    """Return the assignments of the record that stays and of the one that goes."""
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    return make.assignment(kept, course), make.assignment(gone, course)


@pytest.fixture
def together(session: Session, both: Both, merge: Act) -> Callable[[], None]:
    """Return what merges the two."""
    people = [session.get_one(Person, a.person_id) for a in both]
    session.commit()

    def merged() -> None:
        merge(*people)
        session.expire_all()  # As for the next request, which has a session of its own.

    return merged


def read(session: Session, assignment: Assignment, *lessons: int) -> None:
    """Tick lessons."""
    session.add_all(Reading(assignment_id=assignment.id, lesson_id=i, read_at=NOW) for i in lessons)
    session.commit()


def readings(make: Factory, assignment: Assignment) -> list[int]:
    """Return the lessons read in an assignment."""
    query = select(Reading.lesson_id).where(Reading.assignment_id == assignment.id)
    return make.rows(query.order_by(Reading.lesson_id))


def fail(app: Flask, make: Factory, assignment: Assignment) -> Attempt:
    """Take the test in vain."""
    with app.app_context():
        attempt = make.attempt(assignment)
        make.answer(attempt, assignment.person_id, wrong=9, wrong_critical=9)
        return make.submit(attempt, assignment.person_id)


def placed(make: Factory) -> dict[int, tuple[int, int]]:
    """Return the assignment and the number of each attempt."""
    return {row.id: (row.assignment_id, row.number) for row in make.rows(select(Attempt))}


def test_an_assignment_both_have_open_rests_with_the_old_record(
    make: Factory, course: Course, home: Organisation, merge: Act, undo: Act
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    one, other = make.assignment(kept, course), make.assignment(gone, course)
    merge(kept, gone)
    assert cycles(make) == {one.id: (kept.id, 1), other.id: (gone.id, 1)}
    undo()
    assert cycles(make) == {one.id: (kept.id, 1), other.id: (gone.id, 1)}


def test_what_was_read_in_either_is_read_in_the_one_that_goes_on(
    make: Factory, session: Session, both: Both, together: Callable[[], None], undo: Act
) -> None:
    one, two, three = session.scalars(select(Lesson.id).order_by(Lesson.id).limit(3)).all()
    session.commit()
    read(session, both[0], one, two)
    read(session, both[1], two, three)
    together()
    assert readings(make, both[0]) == [one, two, three]
    undo()
    assert readings(make, both[0]) == [one, two]
    assert readings(make, both[1]) == [two, three]


def test_a_test_under_way_goes_on_in_the_record_that_stays_and_comes_back(
    app: Flask,
    make: Factory,
    both: Both,
    together: Callable[[], None],
    undo: Act,
) -> None:
    for assignment in both:
        make.read_all(assignment)
    failed = fail(app, make, both[0])
    with app.app_context():
        attempt = make.attempt(both[1])
        make.answer(attempt, both[1].person_id)
    before = placed(make)
    together()
    assert placed(make) == {attempt.id: (both[0].id, 1), failed.id: (both[1].id, 1)}
    assert sentences(app) == []
    undo()
    assert placed(make) == before
    assert sentences(app) == []


def test_what_was_passed_since_stays_with_what_it_rests_on(
    app: Flask, make: Factory, both: Both, together: Callable[[], None], undo: Act
) -> None:
    make.read_all(both[1])
    attempt = make.attempt(both[1])
    make.answer(attempt, both[1].person_id)
    together()
    with app.app_context():
        make.submit(attempt, both[0].person_id, at=NOW + timedelta(hours=1))
    undo()
    assert placed(make) == {attempt.id: (both[0].id, 1)}
    assert make.rows(select(Completion.assignment_id)) == [both[0].id]
    assert readings(make, both[0]) == readings(make, both[1]) != []
    assert sentences(app) == []


def test_what_was_begun_since_stays_when_the_rest_goes_back(
    app: Flask, make: Factory, both: Both, session: Session, together: Act, undo: Act
) -> None:
    for assignment in both:
        make.read_all(assignment)
    own = fail(app, make, both[0])
    others = [fail(app, make, both[1]) for _ in range(3)]
    session.add(
        Unlock(assignment_id=both[1].id, number=1, asked_at=NOW, unlocked_at=NOW, note="Talk.")
    )
    session.commit()
    together()
    assert make.rows(select(Unlock.assignment_id)) == [both[0].id]
    since = make.attempt(session.get_one(Assignment, both[0].id))
    assert placed(make)[since.id] == (both[0].id, 4)
    undo()
    assert make.rows(select(Unlock.assignment_id)) == [both[1].id]
    assert placed(make) == {
        own.id: (both[0].id, 1),
        since.id: (both[0].id, 2),
        **{row.id: (both[1].id, number) for number, row in enumerate(others, 1)},
    }


def test_attempts_that_have_come_no_further_rest(
    app: Flask, make: Factory, both: Both, together: Callable[[], None], undo: Act
) -> None:
    for assignment in both:
        make.read_all(assignment)
        fail(app, make, assignment)
    before = placed(make)
    together()
    assert placed(make) == before
    undo()
    assert placed(make) == before


def test_two_tests_under_way_are_refused(
    make: Factory, both: Both, together: Callable[[], None]
) -> None:
    for assignment in both:
        make.read_all(assignment)
        make.attempt(assignment)
    with pytest.raises(CannotMerge, match="test under way"):
        together()
    statuses = make.rows(select(Attempt.status))
    assert statuses == [Status.OPEN, Status.OPEN]


def test_mail_and_remarks_move_and_come_back(
    app: Flask,
    make: Factory,
    session: Session,
    both: Both,
    together: Callable[[], None],
    undo: Act,
) -> None:
    kept, gone = (assignment.person_id for assignment in both)
    session.execute(update(Person).where(Person.id == gone).values(email="a@b.example"))
    outbox.queue(session, "assigned", [Wish(gone, 1, {})], at=NOW)
    version = session.scalars(select(CourseVersion.id)).one()
    for place, people in (("a/b", (gone,)), ("a/c", (kept, gone))):
        target = Target(Subject.LESSON, version, place)
        for person in people:
            remarks.send(session, person, target, "en", Kind.WRONG, "No.", today=TODAY, at=NOW)
    session.commit()
    query = select(ContentRemark.person_id).order_by(ContentRemark.id)
    together()
    assert make.rows(select(OutboxMail.person_id)) == [kept]
    assert make.rows(query) == [kept, kept, gone], "of two about one text one stays behind"
    assert sentences(app) == []
    undo()
    assert make.rows(select(OutboxMail.person_id)) == [gone]
    assert make.rows(query) == [gone, kept, gone]


def test_rows_that_a_merge_left_behind_are_found(
    app: Flask, make: Factory, session: Session, both: Both, together: Callable[[], None]
) -> None:
    together()
    gone = session.get_one(Person, both[1].person_id)
    make.deployment(gone, make.mission())
    corrections.ask(session, gone.id, About.DETAILS, "Wrong.", "Right.", "t", at=NOW)
    gone.email = "a@b.example"
    outbox.queue(session, "assigned", [Wish(gone.id, 1, {})], at=NOW)
    session.commit()
    found = " ".join(sentences(app))
    for table in ("deployment", "correction_request", "outbox_mail"):
        assert f"was merged and still has rows in {table}" in found
