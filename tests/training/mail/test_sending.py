"""Sending: nothing is lost, nothing goes out twice, whatever the mail server does."""

import socket
from collections.abc import Callable
from threading import Thread

from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.races import alone, together
from tests.training.conftest import Time, embedded
from tests.training.mail.conftest import SENDER, Queue, people, rows
from tests.training.mail.postbox import HOST, Postbox
from training import jobs
from training.mail import services
from training.mail.models import MailState, Refusal

Send = Callable[[], None]


def test_a_mail_goes_out_once_in_the_language_of_its_person(
    app: Flask, make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox
) -> None:
    home = make.organisation()
    found = [
        make.person(organisation=home, email=f"{code}@home.example", language=code)
        for code in ("en", "nl", "fr")
    ]
    for _twice in range(2):
        queue(found)
        send()
    assert postbox.receivers == ["en@home.example", "nl@home.example", "fr@home.example"]
    for letter, person in zip(postbox.letters, found, strict=True):
        assert letter["Content-Language"] == person.language
        with app.app_context(), force_locale(person.language):
            assert letter["Subject"] == _("You have training to finish")
        assert "https://localhost/" in letter.get_content()
        assert letter["From"] == SENDER
        assert letter["To"] == person.email
        assert letter["Message-ID"].endswith("@office.example>")


def test_who_has_no_address_gets_no_mail(make: Factory, queue: Queue, session: Session) -> None:
    queue([make.person()])
    assert rows(session) == []


def test_nothing_is_lost_while_the_mail_server_is_down_for_an_hour(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.close()
    queue(people(make, 5))
    for _minute in range(60):
        send()
        time.passes(minutes=1)
    assert {row.state for row in rows(session)} == {MailState.WAITING}
    postbox.open()
    for _minute in range(61):
        send()
        time.passes(minutes=1)
    assert sorted(postbox.receivers) == [f"p{n}@home.example" for n in range(5)]
    assert {row.state for row in rows(session)} == {MailState.SENT}


def test_a_clock_set_back_by_a_day_does_not_keep_a_mail_for_a_day(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    queue(people(make, 1))
    postbox.close()
    send()
    time.passes(days=-1)
    postbox.open()
    send()
    assert {row.state for row in rows(session)} == {MailState.SENT}


def test_a_mail_server_that_is_away_is_asked_once_a_round(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.close()
    queue(people(make, 5))
    send()
    assert [row.tries for row in rows(session)] == [1, 0, 0, 0, 0]


def test_workers_at_once_send_each_mail_once(
    app: Flask, make: Factory, queue: Queue, postbox: Postbox, session: Session
) -> None:
    queue(people(make, 12))

    def work() -> None:
        with app.app_context():
            jobs.run_job("mail")

    together([work] * 4)
    assert sorted(postbox.receivers) == sorted(f"p{n}@home.example" for n in range(12))
    assert [row.tries for row in rows(session)] == [1] * 12


def test_a_server_that_drops_the_line_after_all_was_said_gets_it_again_later(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.drops = 1
    queue(people(make, 2))
    send()
    assert postbox.receivers == ["p1@home.example"], "the other one is not held up"
    send()
    assert len(postbox.receivers) == 1, "not before a minute has passed"
    time.passes(minutes=1)
    send()
    assert postbox.receivers == ["p1@home.example", "p0@home.example"]


@embedded
def test_a_round_ends_after_three_mails_that_got_no_answer(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.drops = 4
    queue(people(make, 5))
    send()
    assert [row.tries for row in rows(session)] == [1, 1, 1, 0, 0]
    time.passes(minutes=1)
    send()
    time.passes(minutes=1)
    send()
    assert len(postbox.receivers) == 5


def test_a_double_has_the_same_message_id_so_that_a_receiver_can_tell(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox
) -> None:
    postbox.drops, postbox.keeps_dropped = 1, True
    queue(people(make, 1))
    send()
    time.passes(minutes=1)
    send()
    first, second = postbox.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_worker_killed_between_claim_and_sending_only_delays_the_mail(
    engine: Engine, make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox
) -> None:
    queue(people(make, 1))
    alone(engine, lambda session: services.claim(session, at=time.now))
    send()
    assert postbox.receivers == []
    time.passes(minutes=15)
    send()
    send()
    assert postbox.receivers == ["p0@home.example"]


def test_a_worker_whose_claim_has_passed_to_another_has_no_say_any_more(
    engine: Engine, make: Factory, time: Time, queue: Queue, session: Session
) -> None:
    queue(people(make, 1))
    late = alone(engine, lambda session: services.claim(session, at=time.now))
    time.passes(minutes=15)
    now = alone(engine, lambda session: services.claim(session, at=time.now))
    assert late is not None
    assert now is not None
    at = time.now
    alone(engine, lambda s: services.refuse(s, late, Refusal.ADDRESS, 550, at=at))
    assert rows(session)[0].state is MailState.WAITING
    alone(engine, lambda s: services.finish(s, now, MailState.SENT, at=at))
    alone(engine, lambda s: services.postpone(s, late, None, at=at))
    assert rows(session)[0].state is MailState.SENT


@embedded
def test_a_server_that_takes_the_call_and_hangs_up_is_one_that_is_away(
    make: Factory, time: Time, queue: Queue, send: Send, postbox: Postbox, session: Session
) -> None:
    postbox.close()
    with socket.create_server((HOST, postbox.port)) as deaf:

        def hang_up() -> None:
            deaf.accept()[0].close()

        hung_up = Thread(target=hang_up)
        hung_up.start()
        queue(people(make, 2))
        send()
        hung_up.join()
    assert [row.tries for row in rows(session)] == [1, 0]
    postbox.open()
    time.passes(minutes=1)
    send()
    assert sorted(postbox.receivers) == ["p0@home.example", "p1@home.example"]
