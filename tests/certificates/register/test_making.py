"""The worker makes every document it can, and leaves none undecided."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.register import fonts, services, stored
from certificates.register.making import make_documents, verify_url
from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from modules.catalogue.models import Course
from tests.certificates.register.test_register import earn
from tests.factories import NOW, Factory

NAME = "Ruth Nobel"
UNDRAWABLE = "xx"  # A language that has no wording.


@pytest.fixture
def three(app: Flask, make: Factory, course: Course, session: Session) -> list[Certificate]:
    """Return three issued certificates with a wanted document each; the first cannot be drawn."""
    found = []
    for number in range(3):
        person = make.person(printed_name=f"{NAME} {'I' * number}")
        certificate = earn(app, make, course, session, person)
        services.confirm_name(session, person.id, certificate.id, person.printed_name, at=NOW)
        found.append(certificate)
    first = session.scalars(select(Document).order_by(Document.id).limit(1)).one()
    first.language = UNDRAWABLE
    session.commit()
    return found


def run(app: Flask) -> None:
    """Let the worker make what is wanted."""
    with app.app_context():
        make_documents()


def documents(session: Session) -> list[Document]:
    """Return all documents as they are now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Document).order_by(Document.id)))


def test_one_that_cannot_be_drawn_is_blocked_and_the_others_are_made(
    app: Flask, three: list[Certificate], session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        run(app)
    first, *others = documents(session)
    assert first.state is DocumentState.BLOCKED
    assert first.reason == "The document could not be drawn."
    assert first.remedy == "Report this to the administrator of the platform."
    assert {document.state for document in others} == {DocumentState.READY}
    assert "KeyError" in caplog.text
    assert NAME not in caplog.text


def test_a_certificate_that_cannot_be_read_stops_none_of_the_others(
    app: Flask, three: list[Certificate], session: Session
) -> None:
    damaged = update(Certificate).where(Certificate.id == three[0].id)
    session.execute(damaged.values(components=[{"component": "conduct"}]))
    session.commit()
    run(app)
    states = [document.state for document in documents(session)]
    assert states == [DocumentState.BLOCKED, DocumentState.READY, DocumentState.READY]


def test_a_blocked_document_waits_for_somebody_and_is_then_made(
    app: Flask, three: list[Certificate], session: Session
) -> None:
    run(app)
    first = documents(session)[0]
    first.language = "en"
    session.commit()
    run(app)
    assert documents(session)[0].state is DocumentState.BLOCKED
    documents(session)[0].state = DocumentState.WANTED
    session.commit()
    run(app)
    assert documents(session)[0].state is DocumentState.READY


@pytest.mark.parametrize("native_name", [None, "\ue000"])
def test_where_fonts_are_missing_the_remedy_names_the_package(
    native_name: str | None,
    app: Flask,
    three: list[Certificate],
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three[0].native_name = native_name
    session.commit()
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    run(app)
    remedy = documents(session)[0].remedy or ""
    assert "Install the Debian package fonts-noto-core." in remedy


def test_a_document_nobody_confirmed_is_never_made(
    app: Flask, three: list[Certificate], session: Session
) -> None:
    three[1].issued_at = three[1].holder_name = None
    session.commit()
    run(app)
    assert documents(session)[1].state is DocumentState.WANTED


def test_what_was_drawn_of_another_name_is_not_kept(
    three: list[Certificate], session: Session
) -> None:
    document = documents(session)[1]
    drawn = three[1].confirmation
    three[1].native_name = "Ρουθ"
    session.commit()
    assert stored.store(session, document.id, drawn, b"%PDF", at=NOW) is None
    stored.block(session, document.id, drawn, "It is too long.", "Shorten it.")
    assert document.state is DocumentState.WANTED
    assert session.scalars(select(DocumentContent)).all() == []


def test_what_was_drawn_for_a_document_that_is_gone_is_not_kept(
    three: list[Certificate], session: Session
) -> None:
    gone = documents(session)[1]
    drawn = three[1].confirmation
    session.delete(gone)
    session.commit()
    assert stored.store(session, gone.id, drawn, b"%PDF", at=NOW) is None
    stored.block(session, gone.id, drawn, "It is too long.", "Shorten it.")
    assert session.scalars(select(DocumentContent)).all() == []


@pytest.mark.parametrize(
    ("base_url", "opened"),
    [
        ("https://train.example", "HTTPS://TRAIN.EXAMPLE/V/00000-00000/0000"),
        ("https://mod.example/training", "HTTPS://MOD.EXAMPLE/training/V/00000-00000/0000"),
        ("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000/V/00000-00000/0000"),
    ],
)
def test_the_code_keeps_the_path_of_the_installation(base_url: str, opened: str) -> None:
    assert verify_url(base_url, "00000-00000", "0000") == opened
