"""Asking for a correction: by anybody about themselves, answered by somebody else in scope."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.races import at_once
from training.accounts.models import Person
from training.errors import Forbidden, Invalid, NotFound
from training.kept import corrections
from training.kept.corrections import AlreadyAnswered
from training.kept.models import About, CorrectionRequest, Outcome
from training.permissions import Grant, Role, Viewer

ASKED = {"token": "t", "about": "details", "wrong": "My unit.", "should_be": "Unit 3."}
Ask = Callable[..., CorrectionRequest]


@pytest.fixture
def ask(session: Session) -> Ask:
    """Return what asks for a correction."""

    def asked(person: Person, about: About = About.DETAILS, token: str = "t") -> CorrectionRequest:
        row = corrections.ask(session, person.id, about, "Wrong.", "Right.", token, at=NOW)
        session.commit()
        return row

    return asked


def viewer(person: Person, role: Role) -> Viewer:
    """Return a person as somebody with a role in their own organisation."""
    home = person.organisation_id
    return Viewer(person.id, home, (Grant(role, home),))


def test_a_request_is_sent_answered_and_the_answer_shown(make: Factory, browser: Browsers) -> None:
    home = make.organisation()
    person = make.person(organisation=home, printed_name="Robin Vos")
    page = browser(person)
    assert "not for reporting incidents" in page.get("/kept/correction").text
    page.post("/kept/correction", ASKED)
    row = make.rows(select(CorrectionRequest))[0]
    desk = browser(make.person(Role.ADMINISTRATOR, organisation=home, printed_name="Karin Olm"))
    assert "Robin Vos" in desk.get("/corrections/").text
    assert "My unit." in desk.get(f"/corrections/{row.id}").text
    desk.post(f"/corrections/{row.id}", {"outcome": "refused"}, expect=422)
    desk.post(f"/corrections/{row.id}", {"outcome": "refused", "answer": "It is right."})
    assert "Robin Vos" not in desk.get("/corrections/").text
    shown = page.get("/kept/").text
    assert "It is right." in shown
    assert "Karin Olm" in shown


@pytest.mark.parametrize(
    "wrong", [{"wrong": ""}, {"should_be": "x" * 501}, {"about": "sex"}, {"wrong": "a\u202eb"}]
)
def test_a_form_that_cannot_be_read_keeps_what_was_typed(
    make: Factory, browser: Browsers, wrong: dict[str, str]
) -> None:
    page = browser(make.person())
    shown = page.post("/kept/correction", ASKED | wrong, expect=422).text
    assert "needs your attention" in shown
    assert make.rows(select(CorrectionRequest)) == []


def test_the_same_form_sent_twice_asks_once(make: Factory, browser: Browsers) -> None:
    page = browser(make.person())
    page.post("/kept/correction", ASKED)
    page.post("/kept/correction", ASKED)
    assert len(make.rows(select(CorrectionRequest))) == 1


def test_five_wait_at_most(make: Factory, ask: Ask) -> None:
    person = make.person()
    for number in range(5):
        ask(person, token=str(number))
    with pytest.raises(Invalid, match="waiting"):
        ask(person, token="sixth")


def test_hr_sees_requests_about_certificates_only_and_a_trainer_none(
    make: Factory, ask: Ask, session: Session, browser: Browsers
) -> None:
    home = make.organisation()
    person = make.person(organisation=home)
    details, paper = ask(person, token="a"), ask(person, About.CERTIFICATE, "b")
    hr = viewer(make.person(Role.HR, organisation=home), Role.HR)
    assert [row.id for row in corrections.waiting(session, hr, None)] == [paper.id]
    with pytest.raises(NotFound):
        corrections.answer(session, hr, details.id, Outcome.DONE, "", at=NOW)
    session.rollback()
    browser(make.person(Role.TRAINER, organisation=home)).get("/corrections/", expect=403)


def test_another_organisation_sees_nothing(make: Factory, ask: Ask, session: Session) -> None:
    row = ask(make.person())
    stranger = viewer(make.person(), Role.ADMINISTRATOR)
    assert corrections.waiting(session, stranger, None) == []
    with pytest.raises(NotFound):
        corrections.shown(session, stranger, row.id)


def test_nobody_answers_their_own_request(make: Factory, ask: Ask, session: Session) -> None:
    person = make.person(Role.ADMINISTRATOR)
    row = ask(person)
    with pytest.raises(Forbidden):
        corrections.answer(
            session, viewer(person, Role.ADMINISTRATOR), row.id, Outcome.DONE, "", at=NOW
        )


def test_two_who_answer_at_once_give_one_answer(engine: Engine, make: Factory, ask: Ask) -> None:
    home = make.organisation()
    row = ask(make.person(organisation=home))
    staff = [
        viewer(make.person(Role.ADMINISTRATOR, organisation=home), Role.ADMINISTRATOR)
        for _ in range(4)
    ]

    def answer(session: Session, number: int) -> bool:
        try:
            corrections.answer(session, staff[number], row.id, Outcome.DONE, str(number), at=NOW)
        except AlreadyAnswered:
            return False
        return True

    assert at_once(engine, answer, 4).count(True) == 1
    assert make.rows(select(CorrectionRequest))[0].answer in {"0", "1", "2", "3"}


def test_answering_twice_alike_is_answering_once(make: Factory, ask: Ask, session: Session) -> None:
    home = make.organisation()
    row = ask(make.person(organisation=home))
    desk = viewer(make.person(Role.ADMINISTRATOR, organisation=home), Role.ADMINISTRATOR)
    for _ in range(2):
        corrections.answer(session, desk, row.id, Outcome.DONE, "Done.", at=NOW)
    with pytest.raises(AlreadyAnswered):
        corrections.answer(session, desk, row.id, Outcome.REFUSED, "No.", at=NOW)


def test_the_list_goes_on_by_key(make: Factory, browser: Browsers, session: Session) -> None:
    home = make.organisation()
    for number in range(52):
        person = make.person(organisation=home)
        corrections.ask(session, person.id, About.DETAILS, "Wrong.", "Right.", str(number), at=NOW)
    session.commit()
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    assert "/corrections/?after=" in page.get("/corrections/").text


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_few_statements(
    make: Factory, browser: Browsers, session: Session, statements: list[str], number: int
) -> None:
    home = make.organisation()
    for token in range(number):
        person = make.person(organisation=home)
        corrections.ask(session, person.id, About.DETAILS, "Wrong.", "Right.", str(token), at=NOW)
    session.commit()
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    page.get("/corrections/")
    del statements[:]
    page.get("/corrections/")
    assert len([s for s in statements if s.startswith("SELECT")]) <= 7
