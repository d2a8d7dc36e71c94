"""Two records of one person become one, and two again: nothing is lost, nothing is invented."""

from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from certificates.verification.services import verify
from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.attempts import services as attempts
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from tests.training.merging.conftest import Act, cycles, sentences
from training.accounts import access, leaving, transfers
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Forbidden, NotFound
from training.kept import corrections
from training.kept.models import About, CorrectionRequest
from training.merging import services
from training.merging.models import MergeRecord
from training.merging.services import CannotMerge
from training.merging.views import merges
from training.missions.models import Deployment
from training.permissions import Role, Viewer


def test_everything_moves_and_comes_back_exactly(
    app: Flask,
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    merge: Act,
    undo: Act,
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    deployment = make.deployment(gone, make.mission())
    first = make.assignment(kept, course, assigned_at=NOW - timedelta(days=9), completed_at=None)
    session.execute(update(Assignment).where(Assignment.id == first.id).values(cycle=4))
    session.commit()
    earn(app, make, course, session, gone)
    asked = corrections.ask(session, gone.id, About.DETAILS, "Wrong.", "Right.", "t", at=NOW)
    session.commit()
    before = cycles(make)
    merge(kept, gone)
    after = cycles(make)
    assert {owner for owner, _cycle in after.values()} == {kept.id}
    assert sorted(cycle for _owner, cycle in after.values()) == [1, 2]
    assert after[first.id] == (kept.id, 2), "the open one comes last"
    for model, key in (
        (Deployment, deployment.id),
        (CorrectionRequest, asked.id),
    ):
        assert make.rows(select(model.person_id).where(model.id == key)) == [kept.id]
    assert make.rows(select(Certificate.person_id)) == [kept.id]
    undo()
    assert cycles(make) == before
    assert make.rows(select(Certificate.person_id)) == [gone.id]
    assert make.rows(select(Deployment.person_id)) == [gone.id]
    assert make.rows(select(CorrectionRequest.person_id)) == [gone.id]


def test_certificates_on_both_sides_stay_as_issued_and_can_be_verified(
    app: Flask, make: Factory, course: Course, session: Session, home: Organisation, merge: Act
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    for person in (kept, gone):
        earn(app, make, course, session, person)
    columns = [c for c in Certificate.__table__.columns if c.name != "person_id"]
    query = select(*columns).order_by(Certificate.id)
    before = [tuple(row) for row in session.execute(query)]
    session.commit()
    merge(kept, gone)
    assert [tuple(row) for row in session.execute(query)] == before
    for number in session.scalars(select(Certificate.number)).all():
        assert verify(session, number, "", TODAY, at=NOW) is not None
    session.commit()
    assert make.rows(select(Certificate.person_id).distinct()) == [kept.id]
    assert sentences(app) == []


def test_what_was_earned_since_stays_with_the_record_that_stayed(
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    desk: Viewer,
    merge: Act,
    undo: Act,
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    old = make.assignment(kept, course, completed_at=NOW - timedelta(days=5))
    past = make.assignment(gone, course, completed_at=NOW - timedelta(days=3))
    open_ = make.assignment(gone, course, cycle=2)
    merge(kept, gone)
    later = NOW + timedelta(hours=1)
    query = update(Assignment).where(Assignment.id == open_.id)
    session.execute(query.values(completed_at=later))
    session.commit()
    assignments.assign(session, desk, course.id, [kept.user_name], TODAY, at=later)
    session.commit()
    undo()
    new = max(cycles(make))
    assert cycles(make) == {
        old.id: (kept.id, 1),
        past.id: (gone.id, 1),
        open_.id: (kept.id, 2),
        new: (kept.id, 3),
    }


def test_the_record_that_went_is_closed_and_cannot_be_opened_by_another_door(
    make: Factory, session: Session, home: Organisation, desk: Viewer, merge: Act, undo: Act
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    transfers.release(session, desk, gone.id, "AAAA-BBBB", at=NOW)
    session.commit()
    merge(kept, gone)
    assert access.credentials(session, gone.user_name, at=NOW) is None
    with pytest.raises(Forbidden, match="merged"):
        leaving.come_back(session, desk, gone.id, at=NOW)
    with pytest.raises(Forbidden, match="merged"):
        transfers.release(session, desk, gone.id, "AAAA-CCCC", at=NOW)
    session.rollback()
    undo()
    assert access.credentials(session, gone.user_name, at=NOW) is not None


def test_who_had_left_before_stays_closed_after_undoing(
    make: Factory, session: Session, home: Organisation, merge: Act, undo: Act
) -> None:
    kept = make.person(organisation=home)
    gone = make.person(organisation=home, is_active=False, left_at=NOW)
    merge(kept, gone)
    undo()
    assert access.credentials(session, gone.user_name, at=NOW) is None


def test_what_may_not_be_merged_is_refused(
    make: Factory, home: Organisation, desk: Viewer, session: Session, merge: Act
) -> None:
    one, two, three = (make.person(organisation=home) for _ in range(3))
    own = session.get_one(Person, desk.person_id)
    trainer, stranger = make.person(Role.TRAINER, organisation=home), make.person()
    with pytest.raises(CannotMerge, match="same record"):
        merge(one, one)
    for pair in ((own, one), (one, own)):
        with pytest.raises(Forbidden, match="own record"):
            merge(*pair)
    for strange in ((stranger, one), (one, stranger)):
        with pytest.raises(NotFound):
            merge(*strange)
    with pytest.raises(CannotMerge, match="has a role"):
        merge(one, trainer)
    merge(one, two)
    merge(one, two)  # Again changes nothing.
    for again in ((three, two), (two, three)):
        with pytest.raises(CannotMerge, match="merged already"):
            merge(*again)
    assert len(make.rows(select(MergeRecord))) == 1


def test_it_can_be_undone_for_thirty_days_and_once(
    make: Factory, home: Organisation, merge: Act, undo: Act
) -> None:
    one, two, three = (make.person(organisation=home) for _ in range(3))
    merge(one, two)
    with pytest.raises(CannotMerge, match="thirty days"):
        undo(31)
    merge(three, one)
    undo(30)
    with pytest.raises(NotFound):
        undo(30)


def test_a_merge_under_a_later_one_waits(
    make: Factory, session: Session, home: Organisation, desk: Viewer, merge: Act
) -> None:
    one, two, three = (make.person(organisation=home) for _ in range(3))
    merge(one, two)
    merge(three, one)
    first = session.scalars(select(MergeRecord.id).order_by(MergeRecord.id)).first() or 0
    with pytest.raises(CannotMerge, match="Undo that first"):
        services.undo(session, desk, first, {}, at=NOW)


def test_merging_one_into_the_other_and_back_at_once_ends_with_one_merge(
    app: Flask, engine: Engine, make: Factory, course: Course, home: Organisation, desk: Viewer
) -> None:
    people = [make.person(organisation=home) for _ in range(2)]
    for person in people:
        make.assignment(person, course, completed_at=NOW)
    with app.app_context():
        found = merges()

    def act(session: Session, number: int) -> bool:
        kept, gone = people if number % 2 else people[::-1]
        try:
            services.merge(session, desk, kept.id, gone.id, found, at=NOW)
        except CannotMerge:
            return False
        return True

    assert any(at_once(engine, act))
    assert len(make.rows(select(MergeRecord))) == 1
    merged = make.rows(select(Person).where(Person.merged_into_id.is_not(None)))
    assert [person.is_active for person in merged] == [False]
    owners = {owner for owner, _cycle in cycles(make).values()}
    assert owners == {merged[0].merged_into_id}


def test_handing_in_while_records_are_merged_loses_nothing(
    app: Flask, engine: Engine, make: Factory, course: Course, home: Organisation, desk: Viewer
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    assignment = make.assignment(gone, course)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, gone.id)
    with app.app_context():
        found = merges()

    def act(session: Session, number: int) -> None:
        if number % 2:
            services.merge(session, desk, kept.id, gone.id, found, at=NOW)
            return
        with app.app_context(), suppress(NotFound):
            attempts.submit(session, gone.id, attempt.id, 0, today=TODAY, at=NOW)

    at_once(engine, act)
    assert cycles(make) == {assignment.id: (kept.id, 1)}
    assert set(make.rows(select(Certificate.person_id))) <= {kept.id}
    assert sentences(app) == []


def test_merging_and_undoing_are_written_down(
    make: Factory, session: Session, home: Organisation, desk: Viewer, merge: Act, undo: Act
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    merge(kept, gone)
    undo()
    query = select(AuditEvent).order_by(AuditEvent.id)
    said = [(e.action, e.actor_id, e.subject_id) for e in session.scalars(query)]
    assert said == [
        ("person.merged", desk.person_id, gone.id),
        ("person.merge_undone", desk.person_id, gone.id),
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"merged_into_id": None}, "should be merged and is not"),
        ({"is_active": True}, "is merged and can sign in"),
    ],
)
def test_a_half_merged_record_is_found(
    app: Flask,
    make: Factory,
    session: Session,
    home: Organisation,
    merge: Act,
    values: dict[str, object],
    words: str,
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    merge(kept, gone)
    assert sentences(app) == []
    session.execute(update(Person).where(Person.id == gone.id).values(values))
    session.commit()
    assert any(words in sentence for sentence in sentences(app))


def test_what_a_merge_left_behind_is_found(
    app: Flask, make: Factory, course: Course, home: Organisation, merge: Act
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home)
    merge(kept, gone)
    make.assignment(gone, course, completed_at=NOW)
    assert any("a record that was merged" in sentence for sentence in sentences(app))


def test_an_administrator_finds_compares_merges_and_undoes(
    make: Factory, course: Course, home: Organisation, browser: Browsers
) -> None:
    kept = make.person(organisation=home, printed_name="Goran Kostic")
    gone = make.person(organisation=home, printed_name="Goran Kostić")
    make.assignment(gone, course)
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    assert f"/people/{kept.id}/merge" in page.get(f"/people/{kept.id}").text
    page.get(f"/people/{kept.id}/merge")
    found = page.post(f"/people/{kept.id}/merge", {"q": "kostic"}, expect=200).text
    assert f"/people/{kept.id}/merge/{gone.id}" in found
    assert f"/people/{kept.id}/merge/{kept.id}" not in found
    compared = page.get(f"/people/{kept.id}/merge/{gone.id}").text
    assert gone.user_name in compared
    assert "Nothing has been changed yet" in compared
    page.post(f"/people/{kept.id}/merge/{gone.id}")
    record = make.rows(select(MergeRecord))[0]
    for person in (kept, gone):
        assert f"/people/merges/{record.id}/undo" in page.get(f"/people/{person.id}").text
    assert "Let this person return" not in page.get(f"/people/{gone.id}").text
    page.get(f"/people/merges/{record.id}/undo")
    page.post(f"/people/merges/{record.id}/undo")
    page.get(f"/people/merges/{record.id}/undo", expect=404)
    assert make.rows(select(Person.merged_into_id).where(Person.id == gone.id)) == [None]


def test_what_stands_in_the_way_is_shown_instead_of_the_button(
    make: Factory, home: Organisation, browser: Browsers
) -> None:
    kept = make.person(organisation=home)
    trainer = make.person(Role.TRAINER, organisation=home)
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    shown = page.get(f"/people/{kept.id}/merge/{trainer.id}").text
    assert "has a role" in shown
    assert "Merge the two records</button>" not in shown
    page.post(f"/people/{kept.id}/merge/{trainer.id}", expect=409)
