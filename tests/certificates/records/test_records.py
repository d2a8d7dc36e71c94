"""HR finds a person or a certificate and opens what is on record."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register import services
from certificates.register.models import Certificate, Document, DocumentState, Withdrawal
from modules.catalogue.models import Course
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.permissions import Role

NAME = "Zoë van der Šarić"


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation whose HR asks."""
    return make.organisation()


@pytest.fixture
def holder(make: Factory, home: Organisation) -> Person:
    """Return somebody of it who has passed."""
    return make.person(organisation=home, printed_name=NAME, personnel_number="KMAR-20137")


@pytest.fixture
def issued(
    app: Flask, make: Factory, course: Course, session: Session, holder: Person
) -> Certificate:
    """Return their certificate with its document."""
    found = earn(app, make, course, session, holder)
    services.confirm_name(session, holder.id, found.id, NAME, at=NOW)
    session.commit()
    make.document(found)
    return found


@pytest.fixture
def desk(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of HR of that organisation."""
    return browser(make.person(Role.HR, organisation=home))


def events(make: Factory, action: str) -> list[AuditEvent]:
    """Return the audit events of an action."""
    return make.rows(select(AuditEvent).where(AuditEvent.action == action))


def find(desk: Browser, typed: str, expect: int = 303) -> Any:
    """Search for something."""
    return desk.post("/records/", {"q": typed}, expect=expect)


@pytest.mark.parametrize("typed", ["zoe", "sar van", "vd SARIC", "kmar-20137", "KMAR 201"])
def test_one_hit_opens_at_once_by_name_and_by_number(
    desk: Browser, holder: Person, typed: str
) -> None:
    assert find(desk, typed).location == f"/records/{holder.id}"


def test_a_user_name_finds_as_well(desk: Browser, holder: Person) -> None:
    assert find(desk, holder.user_name).location == f"/records/{holder.id}"


def test_a_certificate_number_opens_the_record_however_it_is_written(
    desk: Browser, issued: Certificate, holder: Person
) -> None:
    for typed in (issued.number, issued.number.replace("-", "").lower().replace("0", "o")):
        assert find(desk, typed).location == f"/records/{holder.id}#certificate-{issued.id}"


def test_a_certificate_of_another_organisation_says_what_anybody_may_know(
    issued: Certificate, make: Factory, browser: Browsers
) -> None:
    elsewhere = browser(make.person(Role.HR))
    shown = find(elsewhere, issued.number, expect=200).text
    assert "It is ours and valid on this day, but for a part of the training only." in shown
    assert "Šarić" not in shown
    assert issued.code not in shown


def test_people_of_another_organisation_are_not_there(
    holder: Person, issued: Certificate, make: Factory, browser: Browsers
) -> None:
    elsewhere = browser(make.person(Role.HR))
    assert "Nobody of your organisation" in find(elsewhere, "zoe", expect=200).text
    elsewhere.get(f"/records/{holder.id}", expect=404)
    elsewhere.post(f"/records/{holder.id}", {"on": "2027-01-01"}, expect=404)
    elsewhere.post(f"/records/{holder.id}/export", expect=404)
    elsewhere.get(f"/records/certificates/{issued.id}/en.pdf", expect=404)


@pytest.mark.parametrize("role", [None, Role.TRAINER])
def test_other_roles_may_not_look(
    holder: Person, make: Factory, browser: Browsers, home: Organisation, role: Role | None
) -> None:
    page = browser(make.person(role, organisation=home))
    for path in ("/records/", f"/records/{holder.id}", "/records/completions"):
        page.get(path, expect=403)
    page.get("/records/completions.csv", expect=403)
    page.post("/records/", {"q": "zoe"}, expect=403)


@pytest.mark.parametrize(
    "typed", ["\x00", "\u202eevil", "x" * 81, "' OR 1=1 --", "%", "_", "\\", "🙂", "-"]
)
def test_no_search_is_an_error_of_ours(desk: Browser, holder: Person, typed: str) -> None:
    answer = desk.client.post(
        "/records/",
        data={"csrf_token": desk.token, "q": typed, "after": "x" * 30},
        base_url="https://localhost",
    )
    assert answer.status_code in {200, 303, 422}


def test_the_day_is_the_start_of_the_next_deployment_unless_one_is_chosen(
    desk: Browser, issued: Certificate, holder: Person, make: Factory
) -> None:
    path = f"/records/{holder.id}"
    assert "first day of the next deployment" not in desk.get(path).text
    mission = make.mission()
    gone = TODAY - timedelta(days=400)
    make.deployment(holder, mission, starts_on=gone, ends_on=gone + timedelta(days=9))
    make.deployment(holder, mission, starts_on=issued.valid_until + timedelta(days=1),
                    ends_on=issued.valid_until + timedelta(days=9))  # fmt: skip
    shown = desk.get(path).text
    assert "first day of the next deployment" in shown
    assert "Expired" in shown
    later = desk.post(path, {"on": "2028-06-01"}, expect=200).text
    table = later[later.index("What counts on 1 June 2028") : later.index("Judge on this day")]
    assert "Valid" in table  # The whole,
    assert "Expired" in table  # and conduct, which has only a year.
    assert "Not a valid date" in desk.post(path, {"on": "soon"}, expect=422).text


def test_every_cycle_and_every_certificate_is_shown_with_its_state(
    app: Flask, desk: Browser, issued: Certificate, holder: Person, make: Factory, course: Course,
    session: Session,
) -> None:  # fmt: skip
    second = earn(app, make, course, session, session.get_one(Person, holder.id), cycle=2)
    shown = desk.get(f"/records/{holder.id}").text
    assert "Cycle 1" in shown
    assert "Cycle 2" in shown
    assert "a newer one exists" in shown
    assert second.number in shown
    session.add(Withdrawal(certificate_id=issued.id, replaced_by_id=second.id, reason="marriage",
                           withdrawn_at=NOW))  # fmt: skip
    session.commit()
    shown = desk.get(f"/records/{holder.id}").text
    assert "Replaced" in shown
    assert "marriage" not in shown


def test_a_record_shows_no_score_no_code_and_no_answer(
    desk: Browser, issued: Certificate, holder: Person
) -> None:
    shown = desk.get(f"/records/{holder.id}").text
    assert issued.code not in shown
    assert "Right answers" not in shown
    assert "%" not in shown
    title = re.search("<title>(.*)</title>", shown)
    assert title is not None
    assert "Zo" not in title[1]


def test_the_document_is_opened_as_it_was_issued_and_that_is_written_down(
    desk: Browser, issued: Certificate, make: Factory, holder: Person, browser: Browsers
) -> None:
    path = f"/records/certificates/{issued.id}/en.pdf"
    opened = desk.get(path)
    assert opened.headers["Content-Disposition"].startswith("inline")
    saved = desk.get(f"{path}?save=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    own = browser(holder).get(f"/certificates/{issued.id}/en.pdf").data
    assert opened.data == saved.data == own
    assert len(events(make, "document.read")) == 2
    desk.get(f"/records/certificates/{issued.id}/xx.pdf", expect=404)


def test_only_the_organisation_that_issued_it_opens_a_document(
    app: Flask, desk: Browser, issued: Certificate, holder: Person, make: Factory,
    browser: Browsers, session: Session,
) -> None:  # fmt: skip
    elsewhere = make.organisation()
    session.get_one(Person, holder.id).organisation_id = elsewhere.id
    session.commit()
    path = f"/records/certificates/{issued.id}/en.pdf"
    theirs = browser(make.person(Role.HR, organisation=elsewhere))
    assert path not in theirs.get(f"/records/{holder.id}").text
    theirs.get(path, expect=404)
    desk.get(path)
    desk.get(f"/records/{holder.id}", expect=404)


def test_each_reading_and_export_is_one_event_naming_nobody(
    desk: Browser, issued: Certificate, holder: Person, make: Factory
) -> None:
    find(desk, "zoe")
    desk.get(f"/records/{holder.id}")
    desk.post(f"/records/{holder.id}/export", expect=200, buffered=True)
    desk.get("/records/completions")
    desk.get("/records/completions.csv", buffered=True)
    for action in ("records.searched", "record.read", "record.exported", "completions.listed",
                   "completions.exported"):  # fmt: skip
        (event,) = events(make, action)
        assert "zo" not in str(event.detail).lower()


def test_a_record_is_exported_with_one_line_for_each_cycle(
    desk: Browser, issued: Certificate, holder: Person
) -> None:
    answer = desk.post(
        f"/records/{holder.id}/export", {"on": "2040-01-01"}, expect=200, buffered=True
    )
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][-2:] == [issued.number, "Expired"]
    assert "record.csv" in answer.headers["Content-Disposition"]


def test_from_a_name_on_the_phone_to_a_checked_certificate_in_three_clicks(
    desk: Browser, issued: Certificate, holder: Person
) -> None:
    assert 'href="/records/"' in desk.get("/").text  # One: the first page leads there.
    desk.get("/records/")
    path = find(desk, "saric").location  # Two: search. One hit opens at once.
    shown = desk.get(path).text
    assert "Valid" in shown
    document = f"/records/certificates/{issued.id}/en.pdf"
    assert document in shown
    desk.get(document)  # Three: the paper itself.


def test_a_record_costs_the_same_with_many_cycles(
    app: Flask, desk: Browser, issued: Certificate, holder: Person, make: Factory, course: Course,
    session: Session, statements: list[str],
) -> None:  # fmt: skip
    desk.get(f"/records/{holder.id}")
    counts = []
    for cycle in (2, 3, 4):
        earn(app, make, course, session, session.get_one(Person, holder.id), cycle=cycle)
        statements.clear()
        desk.get(f"/records/{holder.id}")
        counts.append(len([s for s in statements if not s.startswith("BEGIN")]))
    assert counts[0] == counts[-1] <= 8


def test_a_search_with_many_hits_has_pages_and_few_statements(
    desk: Browser, home: Organisation, make: Factory, statements: list[str]
) -> None:
    make.crowd(home.id, 120)
    desk.get("/records/")
    statements.clear()
    first = find(desk, "crowd", expect=200).text
    assert len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]) <= 7
    after = re.search(r'name="after" value="(\d+)"', first)
    assert after is not None
    second = desk.post("/records/", {"q": "crowd", "after": after[1]}, expect=200).text
    assert "Robin Crowd 49<" in first
    assert "Robin Crowd 50<" not in first
    assert "Robin Crowd 50<" in second


def test_ones_own_history_shows_everything_and_nobody_elses(
    app: Flask, issued: Certificate, holder: Person, make: Factory, browser: Browsers,
    course: Course, session: Session, statements: list[str],
) -> None:  # fmt: skip
    second = earn(app, make, course, session, session.get_one(Person, holder.id), cycle=2)
    session.add(Withdrawal(certificate_id=issued.id, replaced_by_id=second.id, reason="x",
                           withdrawn_at=NOW))  # fmt: skip
    session.commit()
    own = browser(holder)
    assert "/history/" in own.get("/").text
    statements.clear()
    shown = own.get("/history/").text
    assert len(statements) <= 7
    assert issued.number in shown
    assert second.number in shown
    assert f"/certificates/{issued.id}/en.pdf" in shown
    other = browser(make.person()).get("/history/").text
    assert issued.number not in other


def test_a_document_that_could_not_be_made_is_not_said_to_be_on_its_way(
    issued: Certificate, holder: Person, desk: Browser, session: Session
) -> None:
    document = session.scalars(select(Document)).one()
    document.state = DocumentState.BLOCKED
    session.commit()
    text = desk.get(f"/records/{holder.id}").text
    assert "could not be made" in text
    assert "still being made" not in text


def test_a_record_as_a_file_says_once_how_it_is_written(
    issued: Certificate, holder: Person, desk: Browser
) -> None:
    answer = desk.post(f"/records/{holder.id}/export", expect=200, buffered=True)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
