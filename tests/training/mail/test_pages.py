"""Pages of mail: codes by mail, what did not arrive, the mailbox, and whether mail is on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from certificates.register import stored
from certificates.register.models import DocumentState
from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests import world
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.races import alone
from tests.training.accounts.entering import PASSWORD, somebody
from tests.training.conftest import Time, embedded
from tests.training.mail.conftest import Queue, rows
from tests.training.mail.postbox import Postbox
from training import health
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.config import Settings
from training.mail.models import MailState, OutboxMail
from training.permissions import Grant, Role, Viewer

TOKEN = "a-token-of-the-form-1234"
ADDRESS = "x1@home.example"
Send = Callable[[], None]


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of everybody here."""
    return make.organisation()


@pytest.fixture
def desk(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of a trainer."""
    return browser(somebody(make, Role.TRAINER, organisation=home))


def newcomer(make: Factory, home: Organisation, **values: Any) -> Person:
    """Make somebody with an address who has never been in."""
    defaults = {"password_hash": None, "email": ADDRESS}
    return make.person(organisation=home, **defaults | values)


def mail_codes(desk: Browser, **fields: str) -> str:
    """Send the codes by mail and return the page that follows."""
    desk.post("/start-cards/mail", {"unit_id": "0", "token": TOKEN} | fields)
    return desk.get("/start-cards/").text


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
    session.commit()
    alone(engine, lambda s: stored.store(s, document.id, b"%PDF", at=NOW))
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


def refused(
    make: Factory, home: Organisation, queue: Queue, send: Send, postbox: Postbox
) -> Person:
    """Make somebody whose mail server refuses them."""
    person = newcomer(make, home, password_hash="unknown", email="gone@home.example")
    postbox.refusals["gone@home.example"] = "550 5.1.1 <gone@home.example> no such user"
    queue([person])
    send()
    return person


def test_a_refusal_is_shown_with_what_to_do_and_the_corrected_address_is_used(
    make: Factory,
    home: Organisation,
    desk: Browser,
    browser: Browsers,
    queue: Queue,
    send: Send,
    postbox: Postbox,
    session: Session,
) -> None:
    person = refused(make, home, queue, send, postbox)
    for page in (desk, browser(somebody(make, Role.ADMINISTRATOR, organisation=home))):
        text = page.get("/mail/not-arrived").text
        assert person.printed_name in text
        assert "The address does not take mail. (550)" in text
        assert "Have the address corrected" in text
    admin = browser(somebody(make, Role.ADMINISTRATOR, organisation=home))
    assert "Did not arrive" in admin.get(f"/people/{person.id}").text
    session.execute(update(Person).where(Person.id == person.id).values(email=ADDRESS))
    session.commit()
    mail_id = rows(session)[0].id
    for _twice in range(2):
        desk.post(f"/mail/{mail_id}", {"choice": "again"})
    send()
    assert postbox.receivers == [ADDRESS]
    assert person.printed_name not in desk.get("/mail/not-arrived").text
    assert [e.action for e in session.scalars(select(AuditEvent))] == ["mail.sent_again"]


def test_a_refusal_can_be_taken_off_the_list(
    make: Factory,
    home: Organisation,
    desk: Browser,
    queue: Queue,
    send: Send,
    postbox: Postbox,
    session: Session,
) -> None:
    person = refused(make, home, queue, send, postbox)
    desk.post(f"/mail/{rows(session)[0].id}", {"choice": "leave"})
    assert person.printed_name not in desk.get("/mail/not-arrived").text
    assert rows(session)[0].state is MailState.DROPPED


def test_nobody_sees_or_sends_mail_of_another_organisation_or_their_own(
    make: Factory,
    home: Organisation,
    browser: Browsers,
    queue: Queue,
    send: Send,
    postbox: Postbox,
    session: Session,
) -> None:
    person = refused(make, home, queue, send, postbox)
    mail_id = rows(session)[0].id
    stranger = browser(somebody(make, Role.TRAINER))
    assert person.printed_name not in stranger.get("/mail/not-arrived").text
    stranger.post(f"/mail/{mail_id}", {"choice": "again"}, expect=404)
    own = somebody(make, Role.TRAINER, organisation=home)
    session.execute(update(OutboxMail).values(person_id=own.id))
    session.commit()
    browser(own).post(f"/mail/{mail_id}", {"choice": "again"}, expect=404)


@pytest.mark.parametrize("number", [1, 60])
def test_the_list_stays_within_its_budget_and_goes_on_by_key(
    number: int,
    make: Factory,
    home: Organisation,
    desk: Browser,
    queue: Queue,
    send: Send,
    session: Session,
    statements: list[str],
) -> None:
    crowd = make.crowd(home.id, number)
    for person in crowd:
        person.email = "nobody"
    session.commit()
    queue(crowd)
    send()
    desk.get("/mail/not-arrived")
    statements.clear()
    text = desk.get("/mail/not-arrived").text
    asked = [s for s in statements if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]
    assert len(asked) <= 7, asked
    assert text.count("Send again<") == min(number, 50)
    if following := re.search(r'href="([^"]+)" rel="next"', text):
        assert desk.get(following[1]).text.count("Send again<") == number - 50


def test_mail_that_waits_is_seen_on_the_page_of_what_is_running_and_makes_unready(
    app: Flask, make: Factory, browser: Browsers, home: Organisation, time: Time, queue: Queue
) -> None:
    admin = somebody(make, Role.ADMINISTRATOR, organisation=home)
    assert line_of(browser(admin)).count("None is waiting.") == 1
    queue([newcomer(make, home)])
    time.passes(minutes=6)
    assert "Nothing is lost." in line_of(browser(admin))
    time.passes(hours=1)
    with app.app_context():
        assert [s for s in health.problems() if s.startswith("A mail waits since")]


def line_of(page: Browser) -> str:
    """Return the line about mail."""
    shown = page.get("/running").text
    return shown[shown.index("Mail: oldest one") :].partition("</tr>")[0]


@embedded
def test_there_is_no_mailbox_outside_the_demonstration(browser: Browsers) -> None:
    browser(None).get("/demonstration/mailbox", expect=404)


class TestWithoutMail:
    """Without a mail server every page that offers mail says so."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Return settings without a mail server."""
        return Settings(**vars(settings) | {"mail_server": None})

    @embedded
    def test_pages_say_that_mail_is_off(
        self, make: Factory, home: Organisation, desk: Browser, browser: Browsers
    ) -> None:
        newcomer(make, home)
        assert "by mail instead" not in desk.get("/start-cards/").text
        for path in ("/start-cards/", "/mail/not-arrived", "/assignments/new"):
            assert "Mail is off here" in desk.get(path).text
        desk.post("/start-cards/mail", {"unit_id": "0", "token": TOKEN}, expect=404)
        admin = browser(somebody(make, Role.ADMINISTRATOR, organisation=home))
        assert "Mail is off" in line_of(admin)


class TestDemonstration:
    """In the demonstration mail goes to a page and nowhere else."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Return settings of a demonstration."""
        return Settings(**vars(settings) | {"demonstration": True})

    @embedded
    def test_mail_ends_in_the_mailbox_and_its_link_works(
        self,
        make: Factory,
        home: Organisation,
        desk: Browser,
        browser: Browsers,
        send: Send,
        postbox: Postbox,
    ) -> None:
        assert "No mail yet" in browser(None).get("/demonstration/mailbox").text
        newcomer(make, home)
        newcomer(make, home, email="gone@home.invalid", printed_name="Gone Person")
        mail_codes(desk)
        send()
        assert postbox.letters == []
        text = browser(None).get("/demonstration/mailbox").text
        assert ADDRESS in text
        found = re.search(r'href="(/start/[^"]+)"', text)
        assert found is not None
        browser(None).get(found[1])
        assert "Gone Person" in desk.get("/mail/not-arrived").text
