"""Values that no form sends: each is refused with a message, and none is a fault of ours."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.accounts.entering import PASSWORD, somebody
from tests.training.conftest import embedded
from training.accounts.models import Person, SignInSession
from training.permissions import Role

GOOD = {
    "printed_name": "Kim Lee",
    "user_name": "kim.lee",
    "category": "police",
    "unit_id": "0",
    "language": "en",
}
UNPRINTABLE = "This contains a character that cannot be printed."
BAD: list[tuple[str, object, str]] = [
    ("printed_name", "", "Please fill this in."),
    ("printed_name", "   ", "Please fill this in."),
    ("printed_name", "Kim\0Lee", UNPRINTABLE),
    ("printed_name", "\0", UNPRINTABLE),
    ("printed_name", "Kim\u202eeeL", UNPRINTABLE),
    ("printed_name", "Kim\u2066Lee", UNPRINTABLE),
    ("printed_name", "Kim\x1b[31m", UNPRINTABLE),
    ("printed_name", "x" * 121, "at most 120 characters"),
    ("printed_name", "x" * 200_000, "at most 120 characters"),
    ("native_name", "\u200f\u0645", UNPRINTABLE),
    ("native_name", "李" * 121, "at most 120 characters"),
    ("user_name", "", "Please fill this in."),
    ("user_name", "kim lee", "Use letters a to z"),
    ("user_name", "k", "Use letters a to z"),
    ("user_name", "k" * 81, "Use letters a to z"),
    ("user_name", "kim\0lee", "Use letters a to z"),
    ("user_name", "<script>", "Use letters a to z"),
    ("personnel_number", "x" * 41, "at most 40 characters"),
    ("rank", "x" * 61, "at most 60 characters"),
    ("category", "admiral", "Not a valid choice"),
    ("category", "", "Not a valid choice"),
    ("unit_id", "seven", "Invalid Choice"),
    ("unit_id", "-1", "Not a valid choice"),
    ("unit_id", "9" * 40, "Not a valid choice"),
    ("unit_id", "1.5", "Invalid Choice"),
    ("language", "xx", "Not a valid choice"),
    ("email", "nobody", "This is not an e-mail address."),
    ("email", "a@b\0.org", UNPRINTABLE),
    ("email", "a" * 250 + "@b.org", "254"),
    ("user_name", [], "Please fill this in."),
    ("printed_name", [], "Please fill this in."),
    ("category", [], "Not a valid choice"),
]


@pytest.fixture
def page(make: Factory, browser: Browsers) -> Browser:
    """Return the browser of an administrator."""
    return browser(make.person(Role.ADMINISTRATOR))


def test_every_bad_value_of_a_person_is_refused_beside_its_field(
    page: Browser, session: Session
) -> None:
    for field, value, message in BAD:
        text = page.post("/people/new", GOOD | {field: value}, expect=422).text
        beside = text[text.index(f'id="{field}-error"') :]
        assert message in beside[: beside.index("</p>")], (field, str(value)[:40])
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    session.commit()
    page.post("/people/new", GOOD)


def test_a_bad_value_at_the_door_is_refused(browser: Browsers, session: Session) -> None:
    page = browser(None)
    good: dict[str, object] = {"user_name": "kim", "password": "a password"}
    bad: list[dict[str, object]] = [
        {"user_name": ""},
        {"user_name": "kim\0"},
        {"user_name": "kim\u202e"},
        {"user_name": "k" * 201},
        {"user_name": []},
        {"password": ""},
        {"password": "x" * 129},
        {"password": []},
        {"password": "\0"},
        {"user_name": "é" * 199},
        {"own_device": "\0"},
    ]
    for fields in bad:
        page.post("/sign-in", good | fields, expect=422)
    assert session.scalars(select(SignInSession)).first() is None


@embedded
@pytest.mark.parametrize("path", ["/sign-in", "/people/new", "/password", "/language", "/verify"])
def test_ten_megabytes_are_refused_before_they_are_read(path: str, page: Browser) -> None:
    page.post(path, {"printed_name": "x" * 10_000_000}, expect=413)


@embedded
def test_a_thousand_and_one_parts_are_refused(page: Browser) -> None:
    parts = {f"field{number}": "x" for number in range(1001)}
    page.post("/people/new", parts, expect=413, content_type="multipart/form-data")


def test_nul_in_an_address_is_an_address_that_does_not_exist(page: Browser) -> None:
    for address in (
        "/people/?q=%00",
        "/people/?after=%00",
        "/people/?q=a&q=%00",
        "/learn/1/lessons/%00/x",
        "/sign-in?next=%00",
        "/v/%00/x",
    ):
        page.get(address, expect=404)


def test_what_cannot_be_a_place_in_the_list_begins_it(page: Browser) -> None:
    for query in ("after=x", "after=", "after=-1", "after_name=a"):
        assert "Robin de Vries" in page.get(f"/people/?{query}").text


@embedded
def test_bytes_that_are_no_text_are_no_fault(page: Browser) -> None:
    page.get("/people/?q=%ff%fe")
    page.get("/learn/%ff", expect=404)


def test_repeating_the_password_is_asked_for_and_never_called_optional(
    make: Factory, browser: Browsers
) -> None:
    page = browser(somebody(make))
    text = page.get("/password").text
    assert "The same again" in text
    assert "optional" not in text
    fields = {"password_now": PASSWORD, "password": "four geese over a harbour", "repeat": ""}
    assert "Please fill this in." in page.post("/password", fields, expect=422).text
