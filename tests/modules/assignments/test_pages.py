"""The trainer's pages: assigning by form, and the list of who has what to finish."""

import re

import pytest
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from training.accounts.models import Organisation
from training.permissions import Role

SITE = "https://localhost"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.clock.now", lambda: NOW)


def shown(page: Browser, query: str = "") -> list[str]:
    """Return the names on a page of the list, in order."""
    text = page.get(f"/assignments/{query}").text
    return re.findall(r'<th scope="row">([^<]+)</th>', text)


def test_the_form_assigns_and_says_what_became_of_each_line(
    make: Factory, home: Organisation, course: Course, page: Browser
) -> None:
    make.person(organisation=home, user_name="ann")
    data = {"course": course.id, "due_on": "2027-01-15", "people": "ann\r\nnobody\r\n"}
    text = page.post("/assignments/new", data, expect=200).text
    assert re.findall(r'<th scope="row">([^<]+)</th>', text) == ["ann", "nobody"]
    assert "Nobody you may assign to is known as this." in text
    assert [a.due_on.isoformat() for a in make.rows(select(Assignment)) if a.due_on] == [
        "2027-01-15"
    ]
    again = page.post("/assignments/new", data, expect=200).text
    assert "Already assigned; the due date is set." in again
    assert len(make.rows(select(Assignment))) == 1


def test_the_form_can_be_opened_for_one_person(page: Browser, course: Course) -> None:
    assert ">\r\nann</textarea>" in page.get("/assignments/new?to=ann").text


BAD_FORMS = {
    "nothing": {},
    "no people": {"people": ""},
    "blank people": {"people": " \n\n "},
    "NUL": {"people": "ann\0"},
    "turned text": {"people": "\u202eann"},
    "another course": {"course": "999"},
    "a word for a course": {"course": "core"},
    "a huge course": {"course": str(10**30)},
    "no date": {"due_on": "soon"},
    "the 31st of February": {"due_on": "2027-02-31"},
    "a date before all": {"due_on": "0000-00-00"},
    "a day that is past": {"due_on": "2020-01-01"},
    "501 lines": {"people": "\n".join(f"n{number}" for number in range(501))},
    "too long": {"people": "x" * 40_001},
}


@pytest.mark.parametrize("bad", BAD_FORMS.values(), ids=list(BAD_FORMS))
def test_a_form_with_a_mistake_is_shown_again_with_what_was_typed(
    make: Factory, home: Organisation, course: Course, page: Browser, bad: dict[str, str]
) -> None:
    make.person(organisation=home, user_name="ann")
    data = {"course": str(course.id), "due_on": "2027-01-15", "people": "ann"} | bad if bad else {}
    text = page.post("/assignments/new", data, expect=422).text
    assert 'role="alert"' in text
    assert 'aria-invalid="true"' in text
    if "due_on" in bad:
        assert ">\r\nann</textarea>" in text
    assert make.rows(select(Assignment)) == []


def test_ten_megabytes_are_too_much(make: Factory, course: Course, page: Browser) -> None:
    data = {"course": course.id, "people": "x\n" * 5_000_000}
    page.post("/assignments/new", data, expect=413)
    assert make.rows(select(Assignment)) == []


def test_a_bad_address_of_the_list_is_no_fault_of_ours(page: Browser, course: Course) -> None:
    numbers = ("x", "-1", "0", 2**31, 2**63, 10**30)
    texts = ("%00", "x" * 5000, "%25", "_", "%E2%80%AE")
    queries = [f"after={number}" for number in numbers]
    queries += [f"{name}={text}" for name in ("q", "state") for text in texts]
    for query in queries:
        answer = page.client.get(f"/progress/?{query}", base_url=SITE)
        assert answer.status_code in {200, 400, 404, 422}, query


@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 403), (Role.HR, 403), (Role.TRAINER, 200), (Role.ADMINISTRATOR, 200)],
)
def test_only_those_who_may_assign_open_these_pages(
    make: Factory, browser: Browsers, course: Course, role: Role | None, status: int
) -> None:
    page = browser(make.person(role))
    page.get("/assignments/new", expect=status)
