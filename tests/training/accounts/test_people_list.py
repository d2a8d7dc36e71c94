"""The list of people: finding them, and turning its pages."""

import re

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from training.accounts import names
from training.accounts.models import Category, Organisation, Person
from training.permissions import Role

BUDGET = 7


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation whose people are listed."""
    return make.organisation()


@pytest.fixture
def page(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of its administrator, who is listed last."""
    return browser(make.person(Role.ADMINISTRATOR, organisation=home, printed_name="Z Zzyx"))


def listed(page: Browser, path: str = "/people/", **sent: str) -> tuple[list[str], str | None]:
    """Return the names on a page of the list, and the address of the next page."""
    text = (page.post(path, sent, expect=200) if sent else page.get(path)).text
    following = re.search(r'(?:href|action)="(/people/\?[^"]*)"', text)
    shown = re.findall(r'<a class="line" href="/people/\d+">([^<]*)</a>', text)
    assert following is None or re.fullmatch(r"/people/\?after=\d+", following[1])
    return shown, following[1] if following else None


def fill(session: Session, home: Organisation, printed: list[str]) -> None:
    """Add many people at once."""
    rows = [
        {
            "organisation_id": home.id,
            "user_name": f"listed{number}",
            "printed_name": name,
            "sort_name": names.sort_key(name),
            "search_tokens": names.tokens(name, f"listed{number}"),
            "category": Category.CIVILIAN,
            "created_at": NOW,
        }
        for number, name in enumerate(printed)
    ]
    session.execute(insert(Person), rows)
    session.commit()


def test_paging_shows_120_people_once_each_in_the_order_of_their_names(
    page: Browser, home: Organisation, make: Factory, session: Session
) -> None:
    same = ["Kim Lee"] * 60  # More people of one name than a page holds.
    others = [f"{first} {last}" for first in ("Éva", "de", "Ole-") for last in _LAST]
    fill(session, home, same + others)
    make.person(printed_name="Elsewhere Person")
    seen: list[str] = []
    path: str | None = "/people/"
    sizes = []
    while path:
        shown, path = listed(page, path)
        sizes.append(len(shown))
        seen += shown
    assert sizes == [50, 50, 21]
    assert sorted(seen) == sorted([*same, *others, "Z Zzyx"])
    keys = [names.sort_key(name) for name in seen]
    assert keys == sorted(keys), "both databases list in the same order"


_LAST = [f"{letter}{end}" for letter in "ABÇDŠ" for end in ("a", "a b", "ab", "Ø")]


def test_a_person_is_found_by_the_beginning_of_any_word_without_accents(
    page: Browser, home: Organisation, make: Factory
) -> None:
    make.person(
        organisation=home,
        printed_name="Zoë van der Bérg",
        user_name="vdberg",
        personnel_number="P-77",
    )
    for query in ("zoe", "ZOË", "berg van", "VDBERG", "p-77", "77", "zoë b", "ber"):
        assert listed(page, q=query)[0] == ["Zoë van der Bérg"], query
    for query in ("erg", "zoe smith", "b_rg", "b%rg"):
        assert listed(page, q=query)[0] == [], query


def test_the_next_page_of_a_search_searches_on(
    page: Browser, home: Organisation, session: Session
) -> None:
    fill(session, home, [f"Ann Number{n:02}" for n in range(55)] + ["Bob Number99"] * 55)
    first, following = listed(page, q="ann")
    assert following is not None
    second, end = listed(page, following, q="ann")
    assert len(first + second) == 55
    assert set(first + second) == {f"Ann Number{n:02}" for n in range(55)}
    assert end is None


def test_no_address_holds_what_was_searched_for(
    page: Browser, home: Organisation, session: Session
) -> None:
    fill(session, home, [f"Ann Number{n:02}" for n in range(55)])
    searched = page.post("/people/", {"q": "ann"}, expect=200).text
    for text in (page.get("/people/").text, searched):
        assert "after=" in text
        assert not re.search(r"[?&;](q|after_name)=", text)
        assert 'method="get"' not in text


def test_what_cannot_be_searched_for_is_said_beside_the_field(page: Browser) -> None:
    text = page.post("/people/", {"q": "x" * 81}, expect=422).text
    assert "too long" in text
    page.post("/start-cards/find", {"q": "x" * 81}, expect=422)


@pytest.mark.parametrize("number", [1, 300])
def test_the_list_takes_at_most_seven_statements(
    number: int, page: Browser, home: Organisation, session: Session, statements: list[str]
) -> None:
    fill(session, home, [f"Ann Number{n:03}" for n in range(number)])
    page.get("/people/")
    statements.clear()
    page.get("/people/")
    asked = [text for text in statements if not text.startswith("BEGIN")]
    assert len(asked) <= BUDGET, asked


def test_people_of_another_organisation_are_neither_listed_nor_found(
    page: Browser, make: Factory
) -> None:
    make.person(printed_name="Elsewhere Person")
    assert listed(page)[0] == ["Z Zzyx"]
    assert listed(page, q="elsewhere")[0] == []
