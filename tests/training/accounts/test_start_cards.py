"""Start cards: who gets one, what is on it, and which of their codes hold."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import at_once
from tests.training.accounts.entering import HASHED, PASSWORD, REFUSED, enter, somebody
from tests.training.conftest import Time, embedded
from training.accounts import letting_in, not_yet_in, services
from training.accounts.code_requests import Given, Holder, Request
from training.accounts.models import Organisation, Person, RoleGrant
from training.audit import AuditEvent
from training.permissions import OF_A_UNIT, Grant, Role, Viewer

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
TOKEN = "a-token-of-the-form-1234"
KEY = "a key for tests"


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation of everybody here."""
    return make.organisation()


@pytest.fixture
def desk(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of a trainer."""
    return browser(somebody(make, Role.TRAINER, organisation=home))


def newcomer(make: Factory, home: Organisation, **values: Any) -> Person:
    """Make somebody who has never been in."""
    return make.person(organisation=home, **{"password_hash": None} | values)


def printed(page: Browser, **fields: object) -> dict[str, str]:
    """Print cards, and return the code of each user name in the order of the cards."""
    text = page.post("/start-cards/", {"unit_id": "0", "token": TOKEN} | fields, expect=200).text
    return dict(cards_of(text))


def cards_of(text: str) -> list[tuple[str, str]]:
    """Return user name and code of each card of a page."""
    found = re.findall(
        r"<dd>([^<]+)</dd></div>\s*<div><dt>[^<]+</dt><dd class=\"big\">(.+?)<", text
    )
    return [(unescape(name), code) for name, code in found]


def test_everybody_not_yet_in_gets_a_card_by_unit_and_name(
    make: Factory, home: Organisation, desk: Browser
) -> None:
    second, first = (make.unit(home, name=f"{n} Platoon") for n in (2, 1))
    names = {
        "c": (None, "Ann A"),
        "b": (second, "Bo B"),
        "a2": (first, "Z Z"),
        "a1": (first, "Y A"),
    }
    for user_name, (unit, name) in names.items():
        unit_id = unit.id if unit else None
        newcomer(make, home, user_name=user_name, printed_name=name, unit_id=unit_id)
    somebody(make, organisation=home, user_name="is-in")
    newcomer(make, home, user_name="left", is_active=False)
    newcomer(make, make.organisation(), user_name="elsewhere")
    codes = printed(desk)
    assert list(codes) == ["a1", "a2", "b", "c"]
    assert all(CODE.fullmatch(code) for code in codes.values())


def test_a_unit_includes_the_units_below_it(
    make: Factory, home: Organisation, desk: Browser
) -> None:
    company = make.unit(home)
    platoon = make.unit(home, parent_id=company.id)
    squad, other = make.unit(home, parent_id=platoon.id), make.unit(home)
    for user_name, unit in (("in-squad", squad), ("in-other", other), ("in-company", company)):
        newcomer(make, home, user_name=user_name, unit_id=unit.id)
    assert set(printed(desk, unit_id=platoon.id)) == {"in-squad"}
    again = {"token": TOKEN + "x", "anew": "y"}
    assert set(printed(desk, unit_id=company.id, **again)) == {"in-squad", "in-company"}


def test_a_card_leads_from_the_sign_in_to_a_password(
    make: Factory, home: Organisation, desk: Browser, browser: Browsers
) -> None:
    person = newcomer(make, home)
    code = printed(desk)[person.user_name]
    phone = browser(None)
    enter(phone, person.user_name, code.lower())
    phone.post("/password", {"password": PASSWORD, "repeat": PASSWORD})
    assert "access was reset" not in phone.get("/").text
    assert REFUSED in enter(browser(None), person.user_name, code, expect=422).text


def test_a_card_says_how_to_get_in_and_nothing_of_the_mission(
    make: Factory, home: Organisation, desk: Browser
) -> None:
    unit = make.unit(home, name="Secret Company")
    person = newcomer(
        make, home, rank="Colonel", language="nl", unit_id=unit.id, email="x@y.example"
    )
    mission = make.mission(name="Tarsa Mission")
    make.deployment(person, mission)
    newcomer(make, home, language="fr")
    text = desk.post("/start-cards/", {"unit_id": "0", "token": TOKEN}, expect=200).text
    cards = text[text.index('class="a4"') :]
    for hidden in ("Colonel", str(person.personnel_number), "Tarsa", "Secret", "x@y.example"):
        assert hidden not in cards
    assert "https://localhost" in cards
    assert cards.count('lang="nl"') == cards.count('lang="fr"') == 1
    assert cards.count("<li>") == 6


def test_eight_cards_go_on_a_sheet(make: Factory, home: Organisation, desk: Browser) -> None:
    for _ in range(9):
        newcomer(make, home)
    text = desk.post("/start-cards/", {"unit_id": "0", "token": TOKEN}, expect=200).text
    assert [sheet.count("<article") for sheet in text.split('class="a4"')[1:]] == [8, 1]


def test_cards_made_anew_end_the_earlier_codes_and_sessions_begun_with_them(
    make: Factory, home: Organisation, desk: Browser, browser: Browsers
) -> None:
    person, phone = newcomer(make, home), browser(None)
    first = printed(desk)[person.user_name]
    enter(phone, person.user_name, first)
    assert printed(desk, token=TOKEN + "2") == {}
    second = printed(desk, token=TOKEN + "3", anew="y")[person.user_name]
    assert first != second
    phone.get("/password", expect=303)
    enter(browser(None), person.user_name, first, expect=422)
    enter(browser(None), person.user_name, second)


def test_the_same_request_twice_gives_the_same_cards_and_one_event(
    make: Factory, home: Organisation, desk: Browser, session: Session
) -> None:
    people = [newcomer(make, home) for _ in range(3)]
    first = printed(desk)
    assert printed(desk) == first
    session.execute(update(Person).where(Person.id == people[0].id).values(password_hash=HASHED))
    session.commit()
    assert set(printed(desk)) == set(first) - {people[0].user_name}
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.detail) == ("start_cards.printed", {"cards": 3})


def test_eight_prints_at_once_leave_one_code_per_person(
    make: Factory, home: Organisation, engine: Engine, session: Session
) -> None:
    trainer = make.person(Role.TRAINER, organisation=home)
    viewer = Viewer(trainer.id, home.id, (Grant(Role.TRAINER, home.id),))
    people = [newcomer(make, home) for _ in range(4)]

    def give(session: Session, number: int) -> list[Given]:
        asked = Request(viewer, f"token {number % 4}", KEY, NOW)
        given = [asked.given(Holder(p.id, p.printed_name, p.user_name, "en")) for p in people]
        return letting_in.give_cards(session, asked, given, None)

    at_once(engine, give)
    session.expire_all()
    holding = {p.id: p.start_code_hash for p in session.scalars(select(Person)) if p in people}
    made = {
        number: {
            p.id: Request(viewer, f"token {number}", KEY, NOW)
            .given(Holder(p.id, "", "", "en"))
            .hashed
            for p in people
        }
        for number in range(4)
    }
    assert holding in made.values(), "all cards that hold are of one print"
    assert len(session.scalars(select(AuditEvent)).all()) == 4


def test_three_hundred_fit_a_print_and_the_rest_comes_next(
    make: Factory, home: Organisation, desk: Browser, session: Session, statements: list[str]
) -> None:
    make.crowd(home.id, not_yet_in.CARDS + 2)
    crowd = Person.user_name.startswith("crowd")
    session.execute(update(Person).where(crowd).values(password_hash=None))
    session.commit()
    statements.clear()
    text = desk.post("/start-cards/", {"unit_id": "0", "token": TOKEN}, expect=200).text
    asked = [s for s in statements if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]
    assert len(asked) <= 10, asked
    assert len(cards_of(text)) == not_yet_in.CARDS
    assert "more people than fit" in text
    assert len(printed(desk, token=TOKEN + "2")) == 2


def test_a_trainer_makes_no_cards_for_people_with_a_role(
    make: Factory, home: Organisation, desk: Browser, browser: Browsers
) -> None:
    unit = make.unit(home)
    for role in Role:
        newcomer(make, home, user_name=role.value)
    for person in make.rows(select(Person).where(Person.user_name.in_([r.value for r in Role]))):
        role = Role(person.user_name)
        held = {"organisation_id": home.id, "unit_id": unit.id if role in OF_A_UNIT else None}
        make._add(RoleGrant(person_id=person.id, role=role, **held))
    deployee = newcomer(make, home)
    assert set(printed(desk)) == {deployee.user_name}
    admin = browser(somebody(make, Role.ADMINISTRATOR, organisation=home))
    everybody = printed(admin, anew="y")
    assert set(everybody) == {deployee.user_name, *(r.value for r in Role)}


@embedded
@pytest.mark.parametrize(
    "fields",
    [
        {"unit_id": "999999"},
        {"unit_id": "x"},
        {"unit_id": "9" * 30},
        {"unit_id": "\0"},
        {"token": "\u202e" * 20},
        {"token": "x" * 5000},
    ],
)
def test_bad_values_are_refused_and_make_nothing(
    fields: dict[str, str], make: Factory, home: Organisation, desk: Browser, session: Session
) -> None:
    person = newcomer(make, home)
    desk.post("/start-cards/", {"unit_id": "0", "token": TOKEN} | fields, expect=422)
    session.refresh(person)
    assert person.start_code_hash is None


def test_a_unit_of_another_organisation_is_no_choice(
    make: Factory, home: Organisation, desk: Browser
) -> None:
    stranger = make.organisation()
    unit = make.unit(stranger)
    newcomer(make, stranger, unit_id=unit.id)
    desk.post("/start-cards/", {"unit_id": str(unit.id), "token": TOKEN}, expect=422)
    assert unit.name not in desk.post("/start-cards/find", {"only": "all"}, expect=200).text


def test_a_code_expires_after_fourteen_days_and_is_then_without_a_card(
    time: Time, make: Factory, home: Organisation, desk: Browser, browser: Browsers
) -> None:
    person = newcomer(make, home)
    code = printed(desk)[person.user_name]
    time.passes(days=14)
    assert REFUSED in enter(browser(None), person.user_name, code, expect=422).text
    trainer = browser(somebody(make, Role.TRAINER, organisation=home))
    assert list(printed(trainer)) == [person.user_name]


@pytest.mark.parametrize("rows", [1, 300])
def test_the_list_stays_within_its_budget(
    rows: int, make: Factory, home: Organisation, desk: Browser, statements: list[str]
) -> None:
    make.crowd(home.id, rows)
    for _ in range(3):
        newcomer(make, home, unit_id=make.unit(home).id)
    desk.post("/start-cards/find", {"only": "all", "q": "robin"}, expect=200)
    statements.clear()
    desk.post("/start-cards/find", {"only": "all", "q": "robin"}, expect=200)
    asked = [s for s in statements if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]
    assert len(asked) <= 7, asked


def test_the_list_goes_on_by_key(make: Factory, home: Organisation, desk: Browser) -> None:
    make.crowd(home.id, services.PAGE + 3)
    wanted = {"only": "all", "q": "robin crowd"}
    first = desk.post("/start-cards/find", wanted, expect=200).text
    following = re.search(r'action="(/start-cards/find\?after=\d+)"', first)
    assert following is not None
    second = desk.post(following[1], wanted, expect=200).text
    assert second.count('name="token"') == 3 + 1


def test_no_address_holds_what_was_searched_for(
    make: Factory, home: Organisation, desk: Browser
) -> None:
    for person in make.crowd(home.id, services.PAGE + 1):
        person.password_hash = None
    make.session.commit()
    searched = desk.post("/start-cards/find", {"q": "crowd"}, expect=200).text
    for text in (desk.get("/start-cards/").text, searched):
        assert "after=" in text
        assert not re.search(r"[?&;](q|after_name)=", text)
        assert 'method="get"' not in text
