"""Pages of mail: codes by mail, what did not arrive, the mailbox, and whether mail is on."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.accounts.entering import somebody
from tests.training.conftest import Time, embedded
from tests.training.mail.conftest import ADDRESS, TOKEN, Queue, mail_codes, newcomer, rows
from tests.training.mail.postbox import Postbox
from training import health
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.config import Settings
from training.mail.models import MailState, OutboxMail
from training.permissions import Role

Send = Callable[[], None]


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
