"""What a mail server answers, and to whom mail can be addressed."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.training.conftest import Time, embedded
from tests.training.mail.conftest import SENDER, Queue, people, rows
from tests.training.mail.postbox import HOST, Postbox
from training.accounts.models import Person
from training.config import MailServer, Settings
from training.mail.models import MailState, Refusal

Send = Callable[[], None]


def test_tries_grow_from_a_minute_to_an_hour_and_end_after_three_days(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.content_answer = "451 4.3.0 try again"
    queue(people(make, 1))
    waits = []
    while rows(session)[0].state is MailState.WAITING:
        send()
        row = rows(session)[0]
        if row.next_try_at is not None:
            waits.append(int((row.next_try_at - time.now).total_seconds()) // 60)
            time.now = row.next_try_at
    assert waits[:9] == [1, 1, 2, 4, 8, 16, 32, 60, 60]
    assert row.refusal is Refusal.SILENCE
    assert row.smtp_code == 451
    assert 72 <= (time.now - NOW).total_seconds() / 3600 < 73


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("550 5.1.1 <p0@home.example>: no such user", Refusal.ADDRESS),
        ("550 unknown user", Refusal.ADDRESS),
        ("552 5.2.2 mailbox full", Refusal.ADDRESS),
        ("550 5.7.1 relaying denied", Refusal.CONTENT),
        ("554 we do not like you", Refusal.CONTENT),
    ],
)
@embedded
def test_a_refused_receiver_is_not_tried_again_and_does_not_hold_up_others(
    answer: str,
    refusal: Refusal,
    make: Factory,
    time: Time,
    queue: Queue,
    send: Send,
    postbox: Postbox,
    session: Session,
) -> None:
    postbox.refusals["p0@home.example"] = answer
    queue(people(make, 2))
    send()
    time.passes(hours=2)
    send()
    first, second = rows(session)
    assert (first.state, first.refusal, first.tries) == (MailState.REFUSED, refusal, 1)
    assert first.smtp_code == int(answer[:3])
    assert second.state is MailState.SENT


@embedded
def test_a_refused_content_is_no_fault_of_the_address(
    make: Factory, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.content_answer = "554 5.6.0 no"
    queue(people(make, 1))
    send()
    assert rows(session)[0].refusal is Refusal.CONTENT


@embedded
@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example,c@d.example",
        "a@b.example c@d.example",
        "<a@b.example>",
        "a@b.example\u2028",
        "a(comment)@b.example",
        "nobody",
    ],
)
def test_an_address_can_name_one_receiver_only_and_no_header(
    address: str, make: Factory, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    queue([make.person(email=address)])
    send()
    assert postbox.receivers == []
    assert rows(session)[0].refusal is Refusal.ADDRESS


@embedded
def test_an_address_in_other_letters_is_sent_or_refused_and_never_stuck(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    queue([make.person(email="jörg@home.example")])
    send()
    assert rows(session)[0].state is not MailState.WAITING


@embedded
def test_the_address_is_the_one_on_record_when_it_is_sent(
    make: Factory, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    person, gone, left = people(make, 3)
    queue([person, gone, left])
    session.execute(update(Person).where(Person.id == person.id).values(email="new@home.example"))
    session.execute(update(Person).where(Person.id == gone.id).values(email=None))
    session.execute(update(Person).where(Person.id == left.id).values(is_active=False))
    session.commit()
    send()
    assert postbox.receivers == ["new@home.example"]
    states = [(row.state, row.refusal) for row in rows(session)]
    assert states[1:] == [(MailState.REFUSED, Refusal.NO_ADDRESS), (MailState.DROPPED, None)]


@embedded
def test_what_was_sent_keeps_no_arguments_and_is_forgotten_after_ninety_days(
    make: Factory, time: Time, queue: Queue, send: Send, session: Session
) -> None:
    queue(people(make, 1))
    send()
    assert rows(session)[0].arguments == {}
    time.passes(days=91)
    send()
    assert rows(session) == []


@embedded
def test_logs_name_no_address(
    make: Factory, queue: Queue, send: Send, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.content_answer = "451 4.3.0 p0@home.example has to wait"
    queue(people(make, 1))
    send()
    assert "a mail was not taken: 451" in caplog.text
    assert "home.example" not in caplog.text


@embedded
@pytest.mark.parametrize("answer", ["550 5.7.1 not from you", "451 4.7.1 not now"])
def test_a_refused_sender_is_trouble_of_the_installation_and_loses_no_mail(
    answer: str,
    make: Factory,
    time: Time,
    queue: Queue,
    send: Send,
    postbox: Postbox,
    session: Session,
) -> None:
    postbox.sender_answer = answer
    queue(people(make, 1))
    send()
    row = rows(session)[0]
    assert (row.state, row.smtp_code) == (MailState.WAITING, int(answer[:3]))
    postbox.sender_answer = "250 OK"
    time.passes(minutes=1)
    send()
    assert len(postbox.receivers) == 1


class TestWithTls:
    """Mail is handed over under TLS, or not at all."""

    @pytest.fixture
    def settings(self, settings: Settings, postbox: Postbox) -> Settings:
        """Return settings that ask for STARTTLS and have a password."""
        server = MailServer(HOST, postbox.port, SENDER, "user", "password")
        return Settings(**vars(settings) | {"mail_server": server})

    @embedded
    def test_a_server_without_tls_gets_neither_password_nor_mail(
        self, make: Factory, queue: Queue, send: Send, postbox: Postbox, session: Session
    ) -> None:
        queue(people(make, 1))
        send()
        assert postbox.receivers == []
        assert rows(session)[0].state is MailState.WAITING


class TestWithoutMail:
    """Without a mail server nothing is sent, and nothing waits for the day there is one."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Return settings without a mail server."""
        return Settings(**vars(settings) | {"mail_server": None})

    @embedded
    def test_nothing_piles_up(
        self, make: Factory, queue: Queue, send: Send, session: Session
    ) -> None:
        queue(people(make, 1))
        send()
        assert rows(session)[0].state is MailState.DROPPED
