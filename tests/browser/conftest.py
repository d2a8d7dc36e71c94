"""A running site and real browser windows on it."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from quizzes.attempts import sheets
from quizzes.attempts.models import Attempt, Response
from tests.browser.window import Window
from tests.factories import Factory
from tools.chromium import path as chromium_path
from training.accounts import passwords
from training.accounts.models import Person
from training.permissions import Role

PASSWORD = "geese over a quiet harbour"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Opener = Callable[..., Window]
Joiner = Callable[..., Person]
Learner = Callable[..., Person]
RightAnswers = Callable[[Person], dict[int, list[str]]]
Kept = Callable[[], list[list[str]]]
Verifier = Callable[[Window], None]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """Return the system's Chromium, started once for this folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Return the address at which the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def window(chromium: Chromium, site: str) -> Iterator[Opener]:
    """Return what opens a window as on a device of its own, at 1280 x 800 unless said otherwise."""
    opened: list[Window] = []

    def on_device(width: int = 1280, height: int = 800, **options: object) -> Window:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            **options,  # type: ignore[arg-type]
        )
        opened.append(Window(context, scripted=bool(options.get("java_script_enabled", True))))
        return opened[-1]

    yield on_device
    for one in opened:
        one.context.close()
    for one in opened:
        one.refuse_trouble()


@pytest.fixture
def join(make: Factory, session: Session) -> Joiner:
    """Return what makes a person who can sign in with `PASSWORD`."""

    def with_password(role: Role | None = None, **values: object) -> Person:
        hashed = passwords.hash_secret(PASSWORD, fast=True)
        return make.person(role, **{"password_hash": hashed} | values)

    return with_password


@pytest.fixture
def learner(make: Factory, course: Course, join: Joiner) -> Learner:
    """Return what makes a person who can sign in and has the course to do."""

    def with_course(**values: object) -> Person:
        person = join(**values)
        make.assignment(person, course)
        return person

    return with_course


@pytest.fixture
def right(session: Session) -> RightAnswers:
    """Return what tells the right options of each question under way, in the order shown."""

    def of(person: Person) -> dict[int, list[str]]:
        mine = select(Attempt).join(Attempt.assignment).where(Assignment.person_id == person.id)
        attempt = session.scalars(mine.order_by(Attempt.id.desc())).first()
        assert attempt is not None
        asked = sheets.sheet(session, person.id, attempt.id).current
        session.commit()
        return {
            a.item.position: [key for key in a.item.option_order if key in a.question.right]
            for a in asked
        }

    return of


@pytest.fixture
def kept(session: Session) -> Kept:
    """Return what tells every answer in the database, sorted, in the order of saving."""

    def rows() -> list[list[str]]:
        found = session.scalars(select(Response.chosen).order_by(Response.id)).all()
        session.commit()
        return [sorted(chosen) for chosen in found]

    return rows


@pytest.fixture
def verify(make: Factory) -> Verifier:
    """Return what verifies the one certificate as a stranger: by number, by code, by scanning."""

    def in_window(window: Window) -> None:
        certificate = make.rows(select(Certificate))[0]
        name = str(certificate.holder_name)
        window.open("/verify")
        window.page.fill("#number", certificate.number)
        window.press("form.card button")
        assert name not in window.text()
        window.page.fill("#code", certificate.code)
        window.press("form.card button")
        assert name in window.text()
        window.open(f"/v/{certificate.number}/{certificate.code}")
        assert name in window.text()
        window.press("form.card button")
        assert window.place == "/verify"
        assert window.page.query_selector(".verdict.valid")

    return in_window
