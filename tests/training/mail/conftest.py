"""An installation with a mail server of its own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import settings_for
from tests.factories import NOW
from tests.training.mail.postbox import HOST, Postbox
from training import jobs
from training.accounts.models import Person
from training.config import MailServer, Settings
from training.mail import services
from training.mail.models import OutboxMail
from training.mail.services import Wish
from training.parts import MailKind, Part, register

SENDER = "training@office.example"


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
