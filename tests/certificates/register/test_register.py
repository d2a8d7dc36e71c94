"""Certificates from the pass to the stored document."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from certificates.register import checks, reading, services, stored
from certificates.register.making import make_documents
from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from certificates.register.state import State, state_on
from modules.catalogue.models import Approval, Course, CourseVersion
from modules.learning.models import Completion
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from training.accounts.models import Organisation, Person
from training.permissions import Role


@pytest.fixture
def passed(app: Flask, make: Factory, course: Course, session: Session) -> Certificate:
    """Return the certificate of somebody who has passed and not confirmed their name."""
    person = make.person(printed_name="Élodie van 't Hoff", native_name="Ἑλένη")
    return earn(app, make, course, session, person)


def earn(
    app: Flask, make: Factory, course: Course, session: Session, person: Person, cycle: int = 1
) -> Certificate:
    """Let a person pass; the signal needs the application for its settings."""
    assignment = make.assignment(person, course, cycle=cycle)
    make.read_all(assignment)
    with app.app_context():
        attempt = make.attempt(assignment)
        make.answer(attempt, person.id)
        make.submit(attempt, person.id)
    newest = select(Certificate).order_by(Certificate.id.desc()).limit(1)
    found = session.scalars(newest).one()
    session.commit()
    return found


def test_the_pass_makes_a_certificate_without_a_name(passed: Certificate) -> None:
    assert passed.number
    assert passed.holder_name is None
    assert passed.issued_at is None


def test_nothing_is_printed_before_the_name_is_confirmed(
    passed: Certificate, session: Session
) -> None:
    assert session.scalar(select(func.count(Document.id))) == 0


def test_confirming_freezes_the_name_and_wants_the_english_document(
    passed: Certificate, session: Session
) -> None:
    name = "Élodie van 't Hoff"
    services.confirm_name(session, passed.person_id or 0, passed.id, name, "Ἑλένη", at=NOW)
    session.commit()
    assert (passed.holder_name, passed.native_name) == (name, "Ἑλένη")
    assert [d.language for d in session.scalars(select(Document))] == ["en"]


def test_the_name_in_own_script_is_confirmed_as_well_for_it_is_printed(
    passed: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, passed.person_id)
    session.commit()
    page = browser(person)
    assert "Ἑλένη" in page.get(f"/certificates/{passed.id}/name").text
    name, path = {"name": person.printed_name}, f"/certificates/{passed.id}/name"
    for shown in ({}, {"native_name": "Ἑλένα"}):
        assert "changed meanwhile" in page.post(path, name | shown, expect=422).text
    page.post(path, name | {"native_name": "Ἑλένη"})
    assert "Ἑλένη" in page.get(f"/certificates/{passed.id}").text


def test_a_name_changed_meanwhile_is_not_confirmed(
    passed: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, passed.person_id)
    session.commit()
    page = browser(person)
    person.printed_name = "Élodie Hoff"
    session.commit()
    refused = page.post(
        f"/certificates/{passed.id}/name", {"name": "Élodie van 't Hoff"}, expect=422
    )
    assert "changed meanwhile" in refused.text
    session.expire_all()
    assert session.get_one(Certificate, passed.id).issued_at is None


def test_confirming_eight_times_at_once_makes_one_document(
    passed: Certificate, engine: Engine, session: Session
) -> None:
    together = Barrier(8)

    def confirm(_number: int) -> None:
        with Session(engine.execution_options(write=True)) as own:
            together.wait()
            services.confirm_name(
                own, passed.person_id or 0, passed.id, "Élodie van 't Hoff", "Ἑλένη", at=NOW
            )
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(confirm, range(8)))
    assert session.scalar(select(func.count(Document.id))) == 1


def test_a_confirmed_name_is_not_asked_for_again(
    app: Flask, passed: Certificate, make: Factory, course: Course, session: Session
) -> None:
    name = "Élodie van 't Hoff"
    services.confirm_name(session, passed.person_id or 0, passed.id, name, "Ἑλένη", at=NOW)
    session.commit()
    person = session.get_one(Person, passed.person_id)
    second = earn(app, make, course, session, person, cycle=2)
    assert second.holder_name == "Élodie van 't Hoff"
    assert second.issued_at is not None


def test_unapproved_content_gives_no_certificate_outside_the_demonstration(
    passed: Certificate, session: Session
) -> None:
    completion = session.get_one(Completion, passed.completion_id)
    session.delete(passed)
    session.flush()
    assert services.prepare(session, completion.id, demonstration=False, at=NOW) is None


def test_a_part_of_the_training_gives_no_certificate_outside_the_demonstration(
    passed: Certificate, session: Session
) -> None:
    completion = session.get_one(Completion, passed.completion_id)
    version = session.get_one(CourseVersion, completion.course_version_id)
    approval = Approval(
        course_version_id=version.id,
        function="Gender adviser",
        approved_on=TODAY,
        approved_at=NOW - timedelta(days=400),
    )
    session.add(approval)
    session.delete(passed)
    session.flush()
    assert version.partial
    assert services.prepare(session, completion.id, demonstration=False, at=NOW) is None
    assert checks.contradictions(session, demonstration=False) == []
    assert len(checks.contradictions(session, demonstration=True)) == 1


@pytest.fixture
def issued(app: Flask, passed: Certificate, session: Session) -> Certificate:
    """Return a certificate whose English document has been made."""
    name = "Élodie van 't Hoff"
    services.confirm_name(session, passed.person_id or 0, passed.id, name, "Ἑλένη", at=NOW)
    session.commit()
    with app.app_context():
        make_documents()
    session.expire_all()
    found = session.get_one(Certificate, passed.id)
    session.commit()
    return found


def test_the_document_is_kept_with_its_digest(issued: Certificate, session: Session) -> None:
    document = session.scalars(select(Document)).one()
    data = session.get_one(DocumentContent, document.id).data
    assert data.startswith(b"%PDF")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert checks.contradictions(session, demonstration=True) == []


def test_changing_everything_around_it_leaves_the_issued_bytes(
    app: Flask, issued: Certificate, browser: Browsers, session: Session, course: Course
) -> None:
    person = session.get_one(Person, issued.person_id)
    path = f"/certificates/{issued.id}/en.pdf"
    session.commit()
    page = browser(person)
    before = page.get(path).data
    person.printed_name, person.rank, person.native_name = "Somebody Else", "General", None
    session.get_one(Course, course.id).withdrawn_at = NOW
    document = session.scalars(select(Document)).one()
    session.commit()
    stored.store(session, document.id, issued.confirmation, b"%PDF forged", at=NOW)
    session.commit()
    with app.app_context():
        make_documents()
    assert page.get(path).data == before


def test_several_documents_are_made_in_one_go(
    app: Flask, make: Factory, course: Course, session: Session
) -> None:
    for number in range(3):
        person = make.person(printed_name=f"Ruth Nobel {'I' * number}")
        certificate = earn(app, make, course, session, person)
        name = person.printed_name
        services.confirm_name(session, person.id, certificate.id, name, at=NOW)
        session.commit()
    with app.app_context():
        make_documents()
    assert set(session.scalars(select(Document.state))) == {DocumentState.READY}


def test_further_languages_are_made_on_request_once(
    issued: Certificate, browser: Browsers, session: Session
) -> None:
    person = session.get_one(Person, issued.person_id)
    session.commit()
    page = browser(person)
    for _ in range(2):
        page.post(f"/certificates/{issued.id}/documents/nl")
    page.post(f"/certificates/{issued.id}/documents/xx", expect=422)
    languages = sorted(session.scalars(select(Document.language)))
    assert languages == ["en", "nl"]


def test_a_letter_no_font_has_blocks_the_document_and_not_the_pass(
    app: Flask, make: Factory, course: Course, browser: Browsers, session: Session
) -> None:
    person = make.person(printed_name="Robin Vos", native_name="\ue000")
    certificate = earn(app, make, course, session, person)
    number = certificate.id
    services.confirm_name(session, person.id, number, "Robin Vos", "\ue000", at=NOW)
    session.commit()
    with app.app_context():
        make_documents()
    session.expire_all()
    document = session.scalars(select(Document)).one()
    row = document.id
    assert document.state is DocumentState.BLOCKED
    assert "U+E000" in (document.reason or "")
    session.refresh(person)
    session.commit()
    shown = browser(person).get(f"/certificates/{number}").text
    assert "could not be made" in shown
    assert "HR sees why under “Documents to put right”." in shown
    organisation = session.get_one(Organisation, person.organisation_id)
    hr = make.person(role=Role.HR, organisation=organisation)
    desk = browser(hr)
    assert "Robin Vos" in desk.get("/certificates/blocked").text
    elsewhere = browser(make.person(role=Role.HR))
    assert "Robin Vos" not in elsewhere.get("/certificates/blocked").text
    elsewhere.post(f"/certificates/documents/{row}/back", expect=404)
    desk.post(f"/certificates/documents/{row}/back")
    session.expire_all()
    assert session.get_one(Certificate, number).issued_at is None
    session.commit()
    person = session.get_one(Person, person.id)
    person.native_name = None
    session.commit()
    browser(person).post(f"/certificates/{number}/name", {"name": "Robin Vos"})
    with app.app_context():
        make_documents()
    session.expire_all()
    assert session.scalars(select(Document.state)).one() is DocumentState.READY


def test_another_persons_certificate_is_not_there(
    issued: Certificate, make: Factory, browser: Browsers
) -> None:
    page = browser(make.person())
    for path in ("", "/name", "/en.pdf"):
        page.get(f"/certificates/{issued.id}{path}", expect=404)
    page.post(f"/certificates/{issued.id}/name", {"name": "x"}, expect=404)
    page.post(f"/certificates/{issued.id}/documents/nl", expect=404)


def test_its_first_and_last_days_count_as_valid(issued: Certificate, session: Session) -> None:
    certificate = reading.own(session, issued.person_id or 0, issued.id).certificate
    day = timedelta(days=1)
    assert certificate.valid_from == TODAY
    assert state_on(certificate, TODAY - day, newer=False) is State.NOT_YET
    assert state_on(certificate, TODAY, newer=False) is State.VALID
    assert state_on(certificate, certificate.valid_until, newer=False) is State.VALID
    assert state_on(certificate, certificate.valid_until + day, newer=False) is State.EXPIRED
    assert state_on(certificate, TODAY, newer=True) is State.NEWER


def test_changed_bytes_are_found(issued: Certificate, session: Session) -> None:
    content = session.scalars(select(DocumentContent)).one()
    content.data = content.data[:-1] + b"x"
    session.commit()
    assert len(checks.contradictions(session, demonstration=True)) == 1
