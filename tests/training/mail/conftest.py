"""An installation with a mail server of its own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browsers, settings_for
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.training.accounts.entering import somebody
from tests.training.mail.postbox import HOST, Postbox
from training import jobs
from training.accounts.models import Organisation, Person
from training.config import MailServer, Settings
from training.mail import services
from training.mail.models import OutboxMail
from training.mail.services import Wish
from training.parts import MailKind, Part, register
from training.permissions import Role

SENDER = "training@office.example"
ADDRESS = "x1@home.example"
TOKEN = "a-token-of-the-form-1234"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """Return a mail server that answers."""
    postbox = Postbox()
    postbox.open()
    yield postbox
    postbox.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    """Return settings with that mail server."""
    server = MailServer(HOST, postbox.port, SENDER, tls="none")
    return settings_for(database_url, tmp_path, demonstration=False, mail_server=server)


@pytest.fixture
def app(app: Flask) -> Flask:
    """Return the application with a kind of mail that is always of use."""
    kind = MailKind("Notice", "email/assigned.txt", lambda *_: {"home": "/"})
    register(app, Part("notices", mails={"notice": kind}))
    return app


Queue = Callable[[Sequence[Person]], None]


@pytest.fixture
def queue(session: Session) -> Queue:
    """Return what queues a notice to each of some people."""

    def queue(people: Sequence[Person]) -> None:
        wishes = [Wish(person.id, person.id, {"id": str(person.id)}) for person in people]
        services.queue(session, "notice", wishes, at=NOW)
        session.commit()

    return queue


@pytest.fixture
def send(app: Flask) -> Callable[[], None]:
    """Return what lets the worker do its turn."""

    def send() -> None:
        with app.app_context():
            jobs.run_job("mail")

    return send


def rows(session: Session) -> list[OutboxMail]:
    """Return the outbox as it is now."""
    query = select(OutboxMail).order_by(OutboxMail.id)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    session.commit()
    return list(found)


def people(make: Factory, number: int) -> list[Person]:
    """Make so many people with an address."""
    home = make.organisation()
    return [make.person(organisation=home, email=f"p{n}@home.example") for n in range(number)]


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
