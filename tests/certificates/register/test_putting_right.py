"""HR puts a document right that could not be made, at the same time as its holder and the maker."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register import blocked, services, stored
from certificates.register.models import Certificate, Document, DocumentState
from modules.catalogue.models import Course
from tests.certificates.register.test_register import earn
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.races import alone, together
from training.accounts.models import Organisation, Person
from training.errors import DomainError, Forbidden
from training.permissions import Grant, Role, Viewer

NAME = "Robin Vos"


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of holder and HR."""
    return make.organisation()


@pytest.fixture
def holder(make: Factory, home: Organisation) -> Person:
    """Return somebody of HR, who has passed like everybody else."""
    return make.person(Role.HR, organisation=home, printed_name=NAME)


@pytest.fixture
def certificate(
    app: Flask, make: Factory, course: Course, session: Session, holder: Person
) -> Certificate:
    """Return a certificate whose English document is blocked."""
    found = earn(app, make, course, session, holder)
    services.confirm_name(session, holder.id, found.id, NAME, at=NOW)
    document = session.scalars(select(Document)).one()
    stored.block(session, document.id, found.confirmation, "A letter is missing.", "Correct it.")
    session.commit()
    return found


@pytest.fixture
def hr(make: Factory, home: Organisation) -> Viewer:
    """Return somebody else of HR."""
    return Viewer(make.person(organisation=home).id, home.id, (Grant(Role.HR, home.id),))


def english(session: Session) -> int:
    """Return the id of the document that is blocked."""
    found = session.scalars(select(Document.id).where(Document.language == "en")).one()
    session.commit()
    return found


def rows(session: Session) -> tuple[Certificate, list[Document]]:
    """Return the certificate and its documents as they are now."""
    session.rollback()
    session.expire_all()
    found = session.scalars(select(Certificate)).one()
    return found, list(session.scalars(select(Document).order_by(Document.id)))


def test_sent_back_while_the_holder_asks_for_dutch_no_document_stays(
    certificate: Certificate, hr: Viewer, engine: Engine, session: Session
) -> None:
    number = english(session)

    def send_back() -> None:
        alone(engine, lambda own: blocked.send_back(own, hr, number, at=NOW))

    with ThreadPoolExecutor(1) as pool:
        with Session(engine.execution_options(write=True)) as own, own.begin():
            services.request_document(own, certificate.person_id or 0, certificate.id, "nl", at=NOW)
            sending = pool.submit(send_back)
            wait_for([sending], timeout=0.5)  # It cannot end: the holder has the certificate.
        sending.result()
    found, documents = rows(session)
    assert found.issued_at is None
    assert documents == []


def test_whoever_comes_first_a_certificate_without_a_name_has_no_document(
    certificate: Certificate, hr: Viewer, engine: Engine, session: Session
) -> None:
    number, drawn = english(session), certificate.confirmation
    acts: list[Any] = [
        lambda own: blocked.send_back(own, hr, number, at=NOW),
        lambda own: blocked.try_again(own, hr, number, at=NOW),
        lambda own: services.request_document(
            own, certificate.person_id or 0, certificate.id, "nl", at=NOW
        ),
        lambda own: stored.store(own, number, drawn, b"%PDF", at=NOW),
        lambda own: services.confirm_name(
            own, certificate.person_id or 0, certificate.id, NAME, at=NOW
        ),
    ]

    def ignoring_refusals(act: Any) -> None:
        with suppress(DomainError):
            alone(engine, act)

    together([partial(ignoring_refusals, act) for act in acts])
    found, documents = rows(session)
    assert (found.issued_at is None) == (documents == [])
    assert (found.holder_name is None) == (found.issued_at is None)


def test_what_is_made_of_a_name_that_was_sent_back_is_dropped(
    certificate: Certificate, hr: Viewer, engine: Engine, session: Session
) -> None:
    number, drawn = english(session), certificate.confirmation
    alone(engine, lambda own: blocked.send_back(own, hr, number, at=NOW))
    assert alone(engine, lambda own: stored.store(own, number, drawn, b"%PDF", at=NOW)) is None


def test_only_what_is_blocked_can_be_sent_back(
    certificate: Certificate, hr: Viewer, engine: Engine, session: Session
) -> None:
    number = english(session)
    for _ in range(2):
        alone(engine, lambda own: blocked.try_again(own, hr, number, at=NOW))
    with pytest.raises(blocked.StillBeingMade):
        alone(engine, lambda own: blocked.send_back(own, hr, number, at=NOW))
    found, documents = rows(session)
    assert found.holder_name == NAME
    assert [document.state for document in documents] == [DocumentState.WANTED]


def test_once_a_document_was_made_nothing_is_sent_back(
    certificate: Certificate, hr: Viewer, engine: Engine, session: Session
) -> None:
    number, drawn = english(session), certificate.confirmation
    services.request_document(session, certificate.person_id or 0, certificate.id, "nl", at=NOW)
    dutch = session.scalars(select(Document.id).where(Document.language == "nl")).one()
    assert stored.store(session, dutch, drawn, b"%PDF", at=NOW)
    session.commit()
    with pytest.raises(blocked.AlreadyPrinted):
        alone(engine, lambda own: blocked.send_back(own, hr, number, at=NOW))


def test_what_is_wrong_is_said_in_the_language_of_the_reader(
    certificate: Certificate,
    make: Factory,
    home: Organisation,
    browser: Browsers,
    session: Session,
) -> None:
    document = session.scalars(select(Document)).one()
    # Two texts that the catalogue has for certain.
    document.reason, document.remedy = "Nothing yet.", "Units: U+FFFD."
    session.commit()
    text = (
        browser(make.person(Role.HR, organisation=home, language="nl"))
        .get("/certificates/blocked")
        .text
    )
    assert "<dd>Nog niets.</dd>" in text
    assert "<dd>Eenheden: U+FFFD.</dd>" in text


def test_nobody_puts_their_own_certificate_right(
    certificate: Certificate, holder: Person, session: Session, browser: Browsers
) -> None:
    viewer = Viewer(holder.id, holder.organisation_id, (Grant(Role.HR, holder.organisation_id),))
    number = english(session)
    for act in (blocked.try_again, blocked.send_back):
        with pytest.raises(Forbidden):
            act(session, viewer, number, at=NOW)
        session.commit()
    page = browser(holder)
    shown = page.get("/certificates/blocked").text
    assert "A colleague has to put it right." in shown
    assert "Make it once more" not in shown
    for path in ("again", "back"):
        page.post(f"/certificates/documents/{number}/{path}", expect=403)
    found, documents = rows(session)
    assert found.holder_name == NAME
    assert [document.state for document in documents] == [DocumentState.BLOCKED]
