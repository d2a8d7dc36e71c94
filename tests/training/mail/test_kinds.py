"""What mail is about: start codes as links, assignments, certificates; and what it never says."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register import stored
from certificates.register.models import Certificate, DocumentState
from modules.assignments import reminding
from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests import world
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.races import alone
from tests.training.accounts.entering import PASSWORD
from tests.training.conftest import embedded
from tests.training.mail.conftest import ADDRESS, TOKEN, mail_codes, newcomer, rows
from tests.training.mail.postbox import Postbox
from training import clock
from training.accounts.models import Organisation
from training.audit import AuditEvent
from training.mail.models import MailState
from training.permissions import Grant, Role, Viewer

Send = Callable[[], None]


def link_in(postbox: Postbox) -> str:
    """Return the address of the link in the last mail."""
    found = re.search(r"https://localhost(/start/\S+)", postbox.letters[-1].get_content())
    assert found is not None
    return found[1]


def test_a_code_by_mail_leads_to_a_password_and_works_once(
    make: Factory,
    home: Organisation,
    desk: Browser,
    browser: Browsers,
    send: Send,
    postbox: Postbox,
) -> None:
    person = newcomer(make, home)
    newcomer(make, home, email=None)
    assert "One start code is on its way by mail." in mail_codes(desk)
    send()
    assert postbox.receivers == [ADDRESS]
    link, phone = link_in(postbox), browser(None)
    for _scanner in range(2):
        assert "Begin" in browser(None).get(link).text
    phone.post(link)
    phone.keep(csrf_token="token")
    assert person.user_name in phone.get("/password").text
    phone.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert "has been used or replaced" in browser(None).post(link, expect=422).text


def test_the_same_request_twice_sends_one_mail(
    make: Factory, home: Organisation, desk: Browser, send: Send, postbox: Postbox, session: Session
) -> None:
    newcomer(make, home)
    mail_codes(desk)
    send()
    mail_codes(desk)
    send()
    assert len(postbox.letters) == 1
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.detail) == ("start_cards.mailed", {"cards": 1})


def test_a_code_replaced_by_a_card_is_not_mailed_any_more(
    make: Factory, home: Organisation, desk: Browser, send: Send, postbox: Postbox, session: Session
) -> None:
    newcomer(make, home)
    mail_codes(desk)
    desk.post("/start-cards/", {"unit_id": "0", "token": TOKEN + "2", "anew": "y"}, expect=200)
    send()
    assert postbox.letters == []
    assert rows(session)[0].state is MailState.DROPPED


@embedded
@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "x", "x" * 500, "%E2%80%AE"])
def test_guessing_a_link_is_slowed_down_like_guessing_a_code(
    code: str, make: Factory, home: Organisation, browser: Browsers
) -> None:
    person, answers = newcomer(make, home), []
    for _try in range(12):
        page = browser(None)
        answer = page.client.post(
            f"/start/{person.id}/{code}",
            data={"csrf_token": page.token},
            base_url="https://localhost",
        )
        answers.append(answer.status_code)
    assert answers[0] == 422
    assert 429 in answers


@embedded
def test_a_link_for_nobody_says_the_same(browser: Browsers) -> None:
    assert "used or replaced" in browser(None).post("/start/999/AAAA-BBBB-CCCC", expect=422).text


def test_no_mail_holds_a_name_a_mission_a_date_or_a_number(
    make: Factory,
    home: Organisation,
    course: Course,
    desk: Browser,
    engine: Engine,
    session: Session,
    send: Send,
    postbox: Postbox,
) -> None:
    unit = make.unit(home, name="Secret Company")
    person = newcomer(
        make,
        home,
        printed_name="Telling Tellegen",
        native_name="Zwijger",
        user_name="telling.tellegen",
        rank="Colonel",
        unit_id=unit.id,
    )
    make.deployment(person, make.mission(name="Tarsa Mission"))
    mail_codes(desk)
    trainer = make.person(Role.TRAINER, organisation=home)
    viewer = Viewer(trainer.id, home.id, (Grant(Role.TRAINER, home.id),))
    names = [person.user_name]
    alone(engine, lambda s: assignments.assign(s, viewer, course.id, names, TODAY, at=NOW))
    holder = make.person(organisation=home, email="x2@home.example")
    document = world._document(make, holder, world._attempt(make, holder, course), STATE)
    as_confirmed = session.get_one(Certificate, document.certificate_id).confirmation
    session.commit()
    alone(engine, lambda s: stored.store(s, document.id, as_confirmed, b"%PDF", at=NOW))
    send()
    assert {row.kind for row in rows(session)} == {"start_code", "assigned", "certificate_ready"}
    assert len(postbox.letters) == 3
    hidden = (
        "telling",
        "zwijger",
        "colonel",
        "secret",
        "tarsa",
        str(person.personnel_number).lower(),
        home.name.lower(),
        "core",
        "conduct",
        "2026",
        "2027",
        "november",
        "aaaa-",
        "robin",
    )
    for letter in postbox.letters:
        del letter["Date"]
        text = f"{letter.as_string()}\n{letter.get_content()}".lower()
        assert [word for word in hidden if word in text] == []


STATE = DocumentState.WANTED


def test_an_assignment_is_told_of_once_and_not_when_it_is_done_or_undone(
    make: Factory,
    home: Organisation,
    course: Course,
    engine: Engine,
    session: Session,
    send: Send,
    postbox: Postbox,
) -> None:
    person = newcomer(make, home)
    trainer = make.person(Role.TRAINER, organisation=home)
    viewer = Viewer(trainer.id, home.id, (Grant(Role.TRAINER, home.id),))

    def give(session: Session) -> object:
        return assignments.assign(session, viewer, course.id, [person.user_name], None, at=NOW)

    alone(engine, give)
    alone(engine, give)
    assert len(rows(session)) == 1
    assignment = make.rows(select(Assignment))[0]
    assignment.completed_at = NOW
    session.commit()
    send()
    assert postbox.letters == []


def test_reminders_lead_to_what_is_left_and_the_digest_says_counts_and_nobody(
    monkeypatch: pytest.MonkeyPatch,
    make: Factory,
    home: Organisation,
    course: Course,
    session: Session,
    send: Send,
    postbox: Postbox,
) -> None:
    make.person(Role.TRAINER, organisation=home, email="t@home.example", language="nl")
    before = NOW - timedelta(days=40)
    late = newcomer(make, home, printed_name="Telling Tellegen")
    late_by_a_day = TODAY - timedelta(days=1)
    make.assignment(late, course, due_on=late_by_a_day, assigned_at=before)
    reminding.remind(session, at=NOW)
    reminding.digest(session, at=NOW)
    session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW)  # At night nobody would be reminded.
    send()
    reminder, digest = (letter.get_content() for letter in postbox.letters)
    assert "https://localhost/" in reminder
    assert "te laat zijn: 1" in digest
    assert "https://localhost/progress" in digest
    for words in ("Telling", late_by_a_day.isoformat(), home.name):
        assert words not in reminder + digest
