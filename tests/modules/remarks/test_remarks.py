"""Remarks of readers: how they are sent, answered, and kept apart from who sent them."""

import csv
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.remarks import answering, services
from modules.remarks.models import ContentRemark, Kind, State, Subject
from modules.remarks.services import AlreadyClosed, Target, TooManyRemarks
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser, Page
from tests.races import at_once
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Forbidden, NotFound
from training.permissions import Grant, Role, Viewer

LESSON = "conduct/report-and-protect"
ABOUT = "/learn/{}/lessons/" + LESSON + "/remark"
SENT = {"kind": "unclear", "text": "Which channel is meant here?"}


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the reader's organisation."""
    return make.organisation()


@pytest.fixture
def person(make: Factory, home: Organisation) -> Person:
    """Return a reader."""
    return make.person(organisation=home)


@pytest.fixture
def assignment(make: Factory, course: Course, person: Person) -> Assignment:
    """Return the reader's course."""
    return make.assignment(person, course)


def target(make: Factory, place: str = LESSON) -> Target:
    """Return a text of the one version there is."""
    version_id = make.session.scalars(select(CourseVersion.id)).one()
    make.session.commit()
    return Target(Subject.LESSON, version_id, place)


def send(make: Factory, person: Person, place: str = LESSON, text: str = "Why?") -> ContentRemark:
    """Send a remark."""
    remark = services.send(
        make.session, person.id, target(make, place), "en", Kind.UNCLEAR, text, today=TODAY, at=NOW
    )
    make.session.commit()
    return remark


def remarks(make: Factory) -> list[ContentRemark]:
    """Return every remark as the database has it now."""
    return make.rows(select(ContentRemark).order_by(ContentRemark.id))


def author(make: Factory, home: int | None) -> Viewer:
    """Return an author of an organisation, or of the platform."""
    return Viewer(make.person().id, 0, (Grant(Role.AUTHOR, home),))


def close(make: Factory, viewer: Viewer, remark_id: int, answer: str = "Better now.") -> None:
    """Answer a remark."""
    answering.close(make.session, viewer, remark_id, State.ANSWERED, answer, at=NOW)
    make.session.commit()


def test_a_remark_about_a_lesson_names_the_version_and_the_language(
    make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    page = browser(person)
    lesson = page.get(f"/learn/{assignment.id}/lessons/{LESSON}?in=nl").text
    path = ABOUT.format(assignment.id) + "?in=nl"
    assert path in lesson
    shown = page.get(path).text
    assert "no channel for reporting incidents" in shown
    assert "Where to report and find help" in shown
    back = page.post(path, SENT).location
    assert back.endswith(f"{LESSON}?in=nl")
    [remark] = remarks(make)
    assert (remark.place, remark.language, remark.kind) == (LESSON, "nl", Kind.UNCLEAR)
    assert "My remarks" in page.get(back).text
    assert SENT["text"] in page.get("/remarks/mine").text


def test_what_cannot_be_sent_is_said_beside_the_field_and_kept(
    make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    page = browser(person)
    answer = page.post(ABOUT.format(assignment.id), {"text": "x" * 301}, expect=422).text
    assert "at most 300 characters" in answer
    assert "Please choose one." in answer
    assert "x" * 301 in answer
    assert remarks(make) == []


def test_about_the_same_text_the_last_remark_of_the_day_counts(
    make: Factory, person: Person, assignment: Assignment
) -> None:
    first, second = send(make, person), send(make, person, text="Why not?")
    assert (first.id, second.text) == (second.id, "Why not?")
    tomorrow = TODAY + timedelta(days=1)
    at = NOW + timedelta(days=1)
    services.send(
        make.session, person.id, target(make), "en", Kind.WRONG, "No.", today=tomorrow, at=at
    )
    make.session.commit()
    assert len(remarks(make)) == 2


def test_the_same_remark_sent_several_times_at_once_is_one(
    make: Factory, engine: Engine, course: Course, person: Person
) -> None:
    about = target(make)

    def act(session: Session, number: int) -> int:
        return services.send(
            session,
            person.id,
            about,
            "en",
            Kind.WRONG,
            "No.",
            today=TODAY,
            at=NOW,
        ).id

    assert len(set(at_once(engine, act))) == 1
    assert len(remarks(make)) == 1
    sent = select(AuditEvent).where(AuditEvent.action == "remark.sent")
    assert len(make.rows(sent)) == 1


def test_nobody_sends_more_than_twenty_a_day(
    make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    for number in range(services.MOST_A_DAY):
        send(make, person, f"conduct/{number}")
    with pytest.raises(TooManyRemarks):
        send(make, person, "conduct/one-more")
    make.session.rollback()
    # The last one may still be said in other words.
    assert send(make, person, "conduct/1", "Other words.").text == "Other words."


def test_too_many_remarks_are_refused_on_the_form_with_the_words_kept(
    make: Factory,
    browser: Browsers,
    person: Person,
    assignment: Assignment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "MOST_A_DAY", 0)
    answer = browser(person).post(ABOUT.format(assignment.id), SENT, expect=409).text
    assert "go on tomorrow" in answer
    assert SENT["text"] in answer


def test_a_question_is_remarked_on_without_losing_the_answer(
    make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    page = browser(person)
    place = f"/attempts/{attempt.id}/0/1"
    assert 'value="remark"' in page.get(place).text
    form = page.post(place, {"choice": "a", "go": "remark"}).location
    assert form.endswith("/0/1/remark")
    assert page.post(form, SENT).location.endswith(place)
    assert 'value="a" checked' in page.get(place).text
    [remark] = remarks(make)
    assert remark.subject is Subject.QUESTION
    assert remark.place.startswith("c6-")


def test_after_the_test_every_answer_leads_to_a_remark_and_back(
    make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong=5)
    page = browser(person)
    page.post(f"/attempts/{attempt.id}/0/submit")
    result = page.get(f"/attempts/{attempt.id}/result").text
    assert f"/attempts/{attempt.id}/0/2/remark" in result
    back = page.post(f"/attempts/{attempt.id}/0/2/remark", SENT).location
    assert back.endswith("/result")
    page.get(f"/attempts/{attempt.id}/0/99/remark", expect=404)


def test_a_lesson_read_again_before_a_conduct_check_can_be_remarked_on(
    app: Flask, make: Factory, browser: Browsers, person: Person, assignment: Assignment
) -> None:
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong_critical=1)
    with app.app_context():
        make.submit(attempt, person.id)
    page, path = browser(person), f"/attempts/{attempt.id}/conduct-check"
    form = next(link for link in Page(page.get(path).text).links if link.endswith("/remark"))
    assert page.post(form, SENT).location.endswith(path)
    assert remarks(make)[0].place.startswith("conduct/")
    page.get(f"{path}/999/remark", expect=404)


def test_the_author_sees_the_words_and_never_who_sent_them(
    make: Factory, browser: Browsers, person: Person, home: Organisation, assignment: Assignment
) -> None:
    remark = send(make, person)
    page = browser(make.person(Role.AUTHOR, organisation=home))
    for path in ("/remarks/", f"/remarks/{remark.id}"):
        shown = page.get(path).text
        assert "Why?" in shown
        assert "Report and protect" in shown
        for secret in (person.printed_name, person.user_name, str(person.personnel_number)):
            assert secret not in shown


def test_remarks_are_downloaded_as_they_are_filtered_without_who_sent_them(
    make: Factory, browser: Browsers, person: Person, home: Organisation, assignment: Assignment
) -> None:
    remark = send(make, person, text="=1+1")
    send(make, make.person(organisation=make.organisation()), text="A stranger's words.")
    page = browser(make.person(Role.AUTHOR, organisation=home))
    assert "/remarks.csv?state=open&amp;subject=all&amp;kind=all" in page.get("/remarks/").text
    file = page.get("/remarks.csv?state=open&subject=all&kind=all", buffered=True)
    assert file.mimetype == "text/csv"
    first, row, *others = csv.reader(file.data.decode("utf-8-sig").splitlines())
    assert first[5] == "Remark"
    assert row[:2] == ["Report and protect", "Lesson"]
    assert row[5:8] == ["'=1+1", TODAY.isoformat(), "Open"]
    assert others == []
    assert person.printed_name not in file.text
    close(make, author(make, home.id), remark.id)
    assert page.get("/remarks.csv", buffered=True).data.count(b"\r\n") == 1
    closed = page.get("/remarks.csv?state=answered&kind=nonsense", buffered=True).text
    assert f"Better now.,{NOW.date().isoformat()}" in closed


def test_a_download_of_remarks_is_one_event_with_its_filter(
    make: Factory, browser: Browsers, person: Person, home: Organisation, assignment: Assignment
) -> None:
    send(make, person)
    browser(make.person(Role.AUTHOR, organisation=home)).get(
        "/remarks.csv?kind=wrong", buffered=True
    )
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "remarks.exported"))
    assert event.detail == {"wanted": {"state": "open", "kind": "wrong"}}


def test_the_learner_reads_the_answer(
    make: Factory, browser: Browsers, person: Person, home: Organisation, assignment: Assignment
) -> None:
    remark = send(make, person)
    page = browser(make.person(Role.AUTHOR, organisation=home))
    page.post(f"/remarks/{remark.id}", {"state": "answered"}, expect=422)
    page.post(f"/remarks/{remark.id}", {"state": "answered", "answer": "We say it better."})
    assert "We say it better." in browser(person).get("/remarks/mine").text
    assert "Why?" not in page.get("/remarks/").text
    assert "Why?" in page.get("/remarks/?state=all").text
    assert "Why?" not in page.get("/remarks/?state=all&subject=question").text


def test_an_author_of_another_organisation_finds_no_remark(
    make: Factory, course: Course, person: Person
) -> None:
    remark = send(make, person)
    stranger = author(make, make.organisation().id)
    assert answering.listed(make.session, stranger, answering.Filter(), None) == []
    with pytest.raises(NotFound):
        close(make, stranger, remark.id)
    make.session.rollback()
    close(make, author(make, None), remark.id)
    assert remarks(make)[0].state is State.ANSWERED


def test_a_remark_is_closed_once_and_not_by_who_sent_it(
    make: Factory, course: Course, person: Person
) -> None:
    remark = send(make, person)
    itself = Viewer(person.id, 0, (Grant(Role.AUTHOR, None),))
    with pytest.raises(Forbidden):
        close(make, itself, remark.id)
    make.session.rollback()
    first = author(make, person.organisation_id)
    close(make, first, remark.id)
    close(make, first, remark.id)
    with pytest.raises(AlreadyClosed):
        close(make, author(make, person.organisation_id), remark.id, "No, otherwise.")
    make.session.rollback()
    assert remarks(make)[0].answer == "Better now."
    closed = select(AuditEvent).where(AuditEvent.action == "remark.answered")
    assert len(make.rows(closed)) == 1
    with pytest.raises(AlreadyClosed):
        send(make, person, text="And this?")


def test_an_author_can_take_the_words_of_a_remark_away(
    make: Factory, browser: Browsers, course: Course, person: Person, home: Organisation
) -> None:
    remark = send(make, person, text="Sergeant X did it.")
    page = browser(make.person(Role.AUTHOR, organisation=home))
    sent = {"state": "dismissed", "answer": "Please use the channel.", "erase": "y"}
    page.post(f"/remarks/{remark.id}", sent)
    assert remarks(make)[0].text == ""
    assert "Sergeant" not in page.get("/remarks/?state=all").text


@pytest.mark.parametrize("rows", [1, 60])
def test_the_list_of_remarks_is_read_by_key_within_its_budget(
    make: Factory,
    browser: Browsers,
    course: Course,
    person: Person,
    home: Organisation,
    statements: list[str],
    rows: int,
) -> None:
    version_id = target(make).course_version_id
    make.session.add_all(
        ContentRemark(
            person_id=person.id,
            course_version_id=version_id,
            subject=Subject.LESSON,
            place=f"conduct/{number}",
            language="en",
            kind=Kind.WRONG,
            text="No.",
            made_on=TODAY,
            made_at=NOW,
        )
        for number in range(rows)
    )
    make.session.commit()
    page: Browser = browser(make.person(Role.AUTHOR, organisation=home))
    first = page.get("/remarks/").text
    del statements[:]
    page.get("/remarks/")
    asked = [s for s in statements if s.startswith("SELECT")]
    assert len(asked) <= 7, asked
    assert ("before=" in first) == (rows > services.PAGE)
    del statements[:]
    file = page.get("/remarks.csv?state=all", buffered=True)
    assert file.data.count(b"\r\n") == rows + 1
    asked = [s for s in statements if s.startswith("SELECT")]
    assert len(asked) <= 7, asked
