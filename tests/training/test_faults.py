"""A database that is locked, full, read-only or gone: nothing acknowledged is lost."""

from dataclasses import replace
from logging import ERROR, LogRecord
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from huey import MemoryHuey
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import Time, embedded, on_postgresql
from training.accounts.models import Organisation, Person
from training.app import create_app
from training.config import Settings
from training.logs import Lines
from training.orm import make_engine
from training.permissions import Role

PERSON = {"category": "police", "language": "en", "unit_id": "0"}
REMEDY = "Wait a minute, go back and send it again."


def person(number: int, **more: str) -> dict[str, str]:
    """Return what is filled in for one more person."""
    return PERSON | {"printed_name": f"Kim Lee {number}", "user_name": f"kim{number}"} | more


def pragma(engine: Engine, statement: str) -> None:
    """Give every further connection a setting of its own."""
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute(statement))


def names(session: Session) -> set[str]:
    """Return who is recorded, and let the database go."""
    found = set(session.scalars(select(Person.user_name)))
    session.commit()
    return found


@pytest.fixture
def page(make: Factory, browser: Browsers) -> Browser:
    """Return the browser of an administrator."""
    return browser(make.person(Role.ADMINISTRATOR, user_name="admin"))


@embedded
def test_a_locked_database_is_said_with_its_remedy_and_writes_again_afterwards(
    page: Browser, engine: Engine, session: Session
) -> None:
    page.post("/people/new", person(1))
    pragma(engine, "PRAGMA busy_timeout=50")
    session.connection()  # Takes the write lock and keeps it.
    assert REMEDY in page.post("/people/new", person(2), expect=503).text
    page.get("/people/")
    session.rollback()
    page.post("/people/new", person(3))
    assert names(session) == {"admin", "kim1", "kim3"}


@embedded
def test_a_locked_database_can_still_be_read_when_the_session_was_not_seen_for_long(
    page: Browser, engine: Engine, session: Session, time: Time
) -> None:
    pragma(engine, "PRAGMA busy_timeout=50")
    time.passes(minutes=5)
    fresh = browser_of(page, session)
    session.connection()
    time.passes(minutes=5)
    fresh.get("/people/")


def browser_of(page: Browser, session: Session) -> Browser:
    """Return another browser of the same person."""
    admin = session.scalars(select(Person)).one()
    session.commit()
    return Browser(page.app, admin)


@embedded
def test_a_full_disk_loses_nothing_that_was_acknowledged(
    page: Browser, engine: Engine, session: Session
) -> None:
    pages = session.scalar(text("PRAGMA page_count")) or 0
    session.commit()
    pragma(engine, f"PRAGMA max_page_count={pages + 3}")
    acknowledged, refused = {"admin"}, 0
    for number in range(400):
        fields = person(number, native_name="李" * 120, email="x" * 200 + f"{number}@example.org")
        data: dict[str, Any] = fields | {"csrf_token": page.token}
        answer = page.client.post("/people/new", data=data, base_url="https://localhost")
        if answer.status_code == 303:
            acknowledged.add(f"kim{number}")
            continue
        assert REMEDY in page._checked(answer, 503).text
        refused += 1
        if refused == 3:
            break
    assert refused == 3
    assert len(acknowledged) > 1
    page.get("/people/")
    assert names(session) == acknowledged
    assert session.scalar(text("PRAGMA integrity_check")) == "ok"


@embedded
def test_a_file_that_cannot_be_written_can_be_read_and_says_so_when_written(
    page: Browser, settings: Settings, session: Session
) -> None:
    engine = make_engine(f"{settings.database_url}?mode=ro&uri=true".replace("///", "///file:"))
    app = create_app(settings, engine=engine, queue=MemoryHuey(), TESTING=True)
    reader = browser_of(page, session)
    reader.client.application = app
    reader.get("/people/")
    assert REMEDY in reader.post("/people/new", person(1), expect=503).text
    assert REMEDY in enter(Browser(app), "admin", "anything", expect=503).text
    assert names(session) == {"admin"}
    engine.dispose()


@on_postgresql
def test_a_standby_that_only_reads_can_be_read_after_a_long_rest_of_the_session(
    page: Browser, engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = session.scalar(select(func.current_database()))
    session.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    session.execute(text("UPDATE sign_in_session SET last_seen_at = last_seen_at - interval '5m'"))
    session.commit()
    engine.dispose()
    page.get("/people/")
    assert REMEDY in page.post("/people/new", person(1), expect=503).text


@pytest.mark.parametrize("cookie", [{}, {"_user_id": "a token"}])
def test_a_database_that_is_gone_is_said_with_a_page_to_everybody(
    cookie: dict[str, str], settings: Settings, database_url: str, tmp_path: Path
) -> None:
    gone = f"sqlite:///{tmp_path}/no/such/folder.db"
    if not settings.embedded:
        gone = "postgresql://nobody@127.0.0.1:1/none"
    app = create_app(
        replace(settings, database_url=gone), engine=make_engine(gone), queue=MemoryHuey()
    )
    page = Browser(app)
    page.keep(**cookie)
    if cookie:
        assert REMEDY in page.get("/", expect=503).text
        assert REMEDY in page.get("/sign-in", expect=503).text
    fields = {"user_name": "admin", "password": "anything"}
    assert REMEDY in page.post("/sign-in", fields, expect=503).text
    assert page.get("/readyz", expect=503).json is not None
    page.get("/livez")


def test_a_failed_write_leaves_the_session_of_the_next_request_clean(
    app: Flask, make: Factory, browser: Browsers, session: Session
) -> None:
    admin = somebody(make, Role.ADMINISTRATOR)
    page = browser(admin)
    page.post("/people/new", person(1))
    page.post("/people/new", person(1), expect=422)
    page.post("/people/new", person(2))
    assert names(session) == {admin.user_name, "kim1", "kim2"}


def test_a_fault_of_the_database_is_written_without_the_values_of_people(
    make: Factory, session: Session
) -> None:
    person = make.person(personnel_number="VA-20137")
    other = make.person(organisation=session.get(Organisation, person.organisation_id))
    other.personnel_number = person.personnel_number
    with pytest.raises(IntegrityError) as failure:
        session.flush()
    record = LogRecord("a.part", ERROR, "x.py", 1, "database", (), failure._excinfo)
    written = Lines().format(record)
    assert "IntegrityError: " in written
    assert "personnel_number" in written
    assert "VA-20137" not in written
