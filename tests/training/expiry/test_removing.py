"""When the years are over nothing is left of a person, and every certificate still holds."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, String, func, select, update
from sqlalchemy.orm import Session

from certificates.register import services as register
from certificates.register.making import make_documents
from certificates.register.models import Certificate, DocumentContent, Withdrawal
from certificates.register.state import State
from certificates.verification.services import verify
from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.learning.models import Completion
from modules.remarks import services as remarks
from modules.remarks.models import Kind, Subject
from modules.remarks.services import Target
from quizzes.attempts.models import Attempt
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from training import clock, db
from training.accounts import sessions
from training.accounts.models import (
    Organisation,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
    Transfer,
)
from training.audit import AuditEvent
from training.expiry import job, registry, services
from training.imports.models import SetAside
from training.kept import corrections
from training.kept import services as kept
from training.kept.models import About, PersonStatistic, Sex
from training.mail import services as outbox
from training.mail.services import Wish
from training.merging.models import MergeRecord
from training.orm import Base
from training.parts import registered
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
    with app.app_context():
        make_documents()
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


@pytest.mark.parametrize("kind", ["role", "deployment", "open training", "sign-in"])
def test_whoever_is_needed_is_not_removed(
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    remove: Remove,
    kind: str,
) -> None:
    at = NOW + YEARS
    found = make.person(Role.TRAINER if kind == "role" else None, organisation=home)
    if kind == "deployment":
        make.deployment(found, make.mission(), starts_on=TODAY, ends_on=at.date())
    if kind == "open training":
        make.assignment(found, course)
    if kind == "sign-in":
        sessions.begin(session, found.id, own_device=False, at=at - timedelta(days=300))
        session.commit()
    assert not remove(found.id, at)
    assert make.rows(select(Person.removed_at).where(Person.id == found.id)) == [None]


@pytest.mark.parametrize("kind", ["role", "open training", "sign-in"])
def test_whoever_has_left_is_not_waited_for(
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    remove: Remove,
    kind: str,
) -> None:
    found = make.person(Role.TRAINER if kind == "role" else None, organisation=home)
    if kind == "open training":
        make.assignment(found, course)
    if kind == "sign-in":
        sessions.begin(session, found.id, own_device=False, at=NOW + YEARS)
    session.execute(update(Person).values(is_active=False, left_at=NOW))
    session.commit()
    assert remove(found.id, NOW + YEARS)


def test_fewer_years_and_leaving_remove_nobody_without_ninety_days_of_notice(
    app: Flask, make: Factory, session: Session, home: Organisation
) -> None:
    found = make.person(organisation=home, is_active=False, created_at=NOW - YEARS)
    with app.app_context():
        erasures = registry.erasures()
    for days in (0, 1, 89):
        at = NOW + timedelta(days=days)
        services.write_down(session, 0, erasures, at=at)
        assert not services.remove(session, found.id, erasures, at=at)
    assert services.remove(session, found.id, erasures, at=NOW + timedelta(days=90))
    session.commit()


def test_whoever_comes_back_in_time_is_taken_off(
    app: Flask, make: Factory, session: Session, home: Organisation, remove: Remove
) -> None:
    found = make.person(organisation=home, created_at=NOW - YEARS)
    with app.app_context():
        erasures = registry.erasures()
    services.write_down(session, 0, erasures, at=NOW)
    session.commit()
    noted = make.rows(select(Person.remove_on).where(Person.id == found.id))
    sessions.begin(session, found.id, own_device=False, at=NOW)
    services.write_down(session, 0, erasures, at=NOW)
    session.commit()
    assert noted == [TODAY + timedelta(days=90)]
    assert make.rows(select(Person.remove_on).where(Person.id == found.id)) == [None]


def test_a_record_that_was_merged_goes_with_the_one_that_took_it_over(
    make: Factory, session: Session, home: Organisation, remove: Remove
) -> None:
    left: dict[str, Any] = {"organisation": home, "is_active": False}
    found = make.person(**left)
    middle = make.person(**left, merged_into_id=found.id)
    last = make.person(**left, merged_into_id=middle.id, last_signed_in_on=TODAY)
    for gone, into in ((middle, found), (last, middle)):
        values = {"kept_id": into.id, "gone_id": gone.id, "merged_by_id": make.person().id}
        session.add(MergeRecord(**values, merged_at=NOW, was_active=True, moved={}))
    session.commit()
    assert not remove(middle.id, NOW + YEARS)
    assert remove(found.id, NOW + YEARS)
    wanted = [found.id, middle.id, last.id]
    names = make.rows(select(Person.printed_name).where(Person.id.in_(wanted)))
    assert names == ["removed"] * 3
    assert make.rows(select(MergeRecord)) == []


def test_the_worker_goes_on_past_somebody_who_cannot_be_removed(
    app: Flask,
    make: Factory,
    session: Session,
    home: Organisation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = clock.now()
    due: dict[str, Any] = {"is_active": False, "created_at": now - YEARS, "remove_on": now.date()}
    stuck, found = (make.person(organisation=home, **due) for _ in range(2))
    make.person(organisation=home, user_name=f"#{stuck.id}")
    with app.app_context():
        job.run()
        job.run()
    assert f"person {stuck.id} could not be removed" in caplog.text
    caplog.clear()
    removed = make.rows(select(Person.id).where(Person.removed_at.is_not(None)))
    assert removed == [found.id]


def test_somebody_removed_is_in_no_list_and_cannot_be_opened(
    person: Person, make: Factory, home: Organisation, browser: Browsers, remove: Remove
) -> None:
    remove(person.id, NOW + YEARS)
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    page.get(f"/people/{person.id}", expect=404)
    page.get(f"/records/{person.id}", expect=404)
    assert "removed" not in page.get("/people/").text


@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_hr_sees_before_who_will_be_removed(
    make: Factory, home: Organisation, browser: Browsers, role: Role
) -> None:
    page = browser(make.person(role, organisation=home))
    assert "will be removed" not in page.get("/records/").text
    for days in range(60):
        make.person(organisation=home, remove_on=TODAY + timedelta(days=days))
    soon = make.person(organisation=home, printed_name="Robin First", remove_on=TODAY)
    make.person(printed_name="A stranger", remove_on=TODAY)
    assert "records of 61 people" in page.get("/records/").text
    first = page.get("/people/ending").text
    assert "A stranger" not in first
    assert (f"/people/{soon.id}" in first) == (role is Role.ADMINISTRATOR)
    assert "Next page" in first
    last = make.rows(select(Person.id).where(Person.organisation_id == home.id))
    assert page.get(f"/people/ending?after={last[50]}").text.count("<tr>") == 61 - 50


def test_the_page_of_what_is_kept_tells_the_day_the_job_uses(
    app: Flask, make: Factory, session: Session, home: Organisation, browser: Browsers
) -> None:
    found = make.person(organisation=home)
    make.deployment(found, make.mission(), starts_on=TODAY, ends_on=TODAY + timedelta(days=200))
    with app.app_context():
        ending = services.endings(session, [found.id], registry.erasures(), at=NOW)[found.id]
    session.commit()
    assert ending.day is not None
    shown = browser(found).get("/kept/").text
    assert f"Until {ending.day.day} {ending.day:%B %Y}" in shown


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
