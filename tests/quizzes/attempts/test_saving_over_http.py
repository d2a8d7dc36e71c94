"""Saving answers as browsers do it: with the script, without it, and with bad intentions."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from modules.assignments.models import Assignment
from quizzes.attempts.models import Attempt, Response
from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Person

SITE = "https://localhost"
SCRIPT = {"Accept": "application/json"}
KEPT = select(Response).order_by(Response.id)


@pytest.fixture
def attempt(make: Factory, assignment: Assignment) -> Attempt:
    """Return an attempt under way."""
    return make.attempt(assignment)


@pytest.fixture
def page(browser: Browsers, person: Person) -> Browser:
    """Return the learner's browser."""
    return browser(person)


def test_the_script_is_told_when_the_answer_was_saved(
    make: Factory, page: Browser, attempt: Attempt
) -> None:
    path = f"/attempts/{attempt.id}/0/3"
    answer = page.post(path, {"choice": "a"}, expect=200, headers=SCRIPT)
    saved = datetime.fromisoformat(answer.get_json()["saved_at"])
    assert saved.tzinfo == UTC
    assert [(r.chosen, r.saved_at) for r in make.rows(KEPT)] == [(["a"], saved)]
    again = page.post(path, {"choice": "a"}, expect=200, headers=SCRIPT)
    assert again.json == answer.json


@pytest.mark.parametrize(
    ("go", "position", "leads_to"),
    [
        ("next", 3, "4"),
        ("previous", 3, "2"),
        ("previous", 1, "1"),
        ("overview", 3, "overview"),
        ("", 3, "4"),
        ("elsewhere", 3, "4"),
    ],
)
def test_without_the_script_the_answer_is_saved_and_the_button_leads_on(
    make: Factory, page: Browser, attempt: Attempt, go: str, position: int, leads_to: str
) -> None:
    data = {"choice": "b", "go": go}
    answer = page.post(f"/attempts/{attempt.id}/0/{position}", data)
    assert answer.location == f"/attempts/{attempt.id}/0/{leads_to}"
    assert [row.chosen for row in make.rows(KEPT)] == [["b"]]
    page.get(answer.location)


def test_what_was_answered_is_marked_on_the_page(page: Browser, attempt: Attempt) -> None:
    path = f"/attempts/{attempt.id}/0/2"
    assert " checked" not in page.get(path).text
    page.post(path, {"choice": "c"})
    shown = page.get(path).text
    assert 'value="c" checked' in shown
    assert shown.count(" checked") == 1
    assert "Saved" in shown


BAD_CHOICES = {
    "no such option": ({"choice": "z"}, 422),
    "NUL": ({"choice": "a\0"}, 422),
    "turned text": ({"choice": "\u202ea"}, 422),
    "100 kB": ({"choice": "x" * 100_000}, 422),
    "10 MB": ({"choice": "x" * 10_000_000}, 413),
    "many": ({"choice": [str(n) for n in range(900)]}, 422),
}


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
def test_a_bad_answer_is_refused_with_its_reason(
    make: Factory, page: Browser, attempt: Attempt, headers: dict[str, str]
) -> None:
    for data, status in BAD_CHOICES.values():
        path = f"/attempts/{attempt.id}/0/1"
        answer = page.post(path, data, expect=status, headers=headers)
        assert answer.is_json is bool(headers)
        assert make.rows(KEPT) == []


NOWHERE, TOO_LONG, ANOTHER_ROUND = {404}, {404, 405}, {303, 409}
BAD_PLACES = {
    **dict.fromkeys(("0/0", "0/11", "0/99", "0/-1", "0/x", "0/1e3"), NOWHERE),
    **dict.fromkeys((f"0/{10**30}", f"{10**30}/1"), TOO_LONG),
    "7/1": ANOTHER_ROUND,
}


def test_a_question_that_is_not_there_is_not_found(
    make: Factory, page: Browser, attempt: Attempt
) -> None:
    data = {"csrf_token": page.token, "choice": "a"}
    for place, statuses in BAD_PLACES.items():
        path = f"/attempts/{attempt.id}/{place}"
        for headers in ({}, SCRIPT):
            answer = page.client.post(path, data=data, headers=headers, base_url=SITE)
            assert answer.status_code in statuses, place
    assert make.rows(KEPT) == []


PAGES = ("", "/0/1", "/0/overview", "/result", "/conduct-check")
FORMS = ("/0/1", "/0/submit", "/conduct-check/1")


def test_an_attempt_that_is_not_there_is_not_found(page: Browser) -> None:
    for number in (0, 999, 2**31 - 1):
        for path in PAGES:
            page.get(f"/attempts/{number}{path}", expect=404)
        for path in FORMS:
            page.post(f"/attempts/{number}{path}", {"choice": "a"}, expect=404)
        page.post(f"/attempts/{number}/0/1", {"choice": "a"}, expect=404, headers=SCRIPT)


def test_a_number_no_database_can_hold_is_not_found_either(page: Browser) -> None:
    data = {"csrf_token": page.token, "choice": "a"}
    for number in (2**31, 2**63, 10**30):
        for path in PAGES:
            page.get(f"/attempts/{number}{path}", expect=404)
        for path in FORMS:
            answer = page.client.post(f"/attempts/{number}{path}", data=data, base_url=SITE)
            assert answer.status_code in TOO_LONG


def test_nothing_of_another_persons_attempt_can_be_reached(
    make: Factory, browser: Browsers, attempt: Attempt
) -> None:
    stranger = browser(make.person())
    for path in PAGES:
        stranger.get(f"/attempts/{attempt.id}{path}", expect=404)
    for path in FORMS:
        stranger.post(f"/attempts/{attempt.id}{path}", {"choice": "a"}, expect=404)
    stranger.post(f"/attempts/{attempt.id}/0/1", {"choice": "a"}, expect=404, headers=SCRIPT)
    assert make.rows(KEPT) == []


MULTIPART = "multipart/form-data; boundary=x"
WRONG_BODIES = {
    "JSON": ("application/json", b'{"choice": "a"}'),
    "text": ("text/plain", b"choice=b"),
    "bytes": ("application/octet-stream", b"\xff\xfe"),
    "no form": ("application/x-www-form-urlencoded", b""),
    "not UTF-8": ("application/x-www-form-urlencoded", b"choice=%ff%fe"),
    "broken": (MULTIPART, b"--x broken"),
    "a file": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="choice"; filename="a"\r\n\r\nb\r\n--x--\r\n',
    ),
}


def test_a_body_of_the_wrong_type_changes_nothing(
    make: Factory, page: Browser, attempt: Attempt
) -> None:
    path = f"/attempts/{attempt.id}/0/1"
    page.post(path, {"choice": "a"})
    headers = {"X-CSRFToken": page.token, **SCRIPT}
    for name, (kind, data) in WRONG_BODIES.items():
        answer = page.client.post(
            path, headers=headers, data=data, content_type=kind, base_url=SITE
        )
        assert answer.status_code in {400, 415, 422}, name
    assert [row.chosen for row in make.rows(KEPT)] == [["a"]]


def test_after_handing_in_the_script_hears_409_and_the_form_goes_to_the_result(
    app: Flask, make: Factory, page: Browser, attempt: Attempt, person: Person
) -> None:
    with app.app_context():
        make.submit(attempt, person.id)
    path = f"/attempts/{attempt.id}/0/1"
    refused = page.post(path, {"choice": "a"}, expect=409, headers=SCRIPT)
    assert refused.get_json()["error"] == "This part of the test has been handed in."
    location = page.post(path, {"choice": "a"}).location
    assert page.get(location, expect=302).location == f"/attempts/{attempt.id}/result"
    assert page.get(path, expect=302).location == f"/attempts/{attempt.id}/result"
    assert make.rows(KEPT) == []


def test_the_script_of_somebody_whose_session_is_over_hears_401(
    make: Factory, browser: Browsers, attempt: Attempt
) -> None:
    answer = browser(None).post(
        f"/attempts/{attempt.id}/0/1", {"choice": "a"}, expect=401, headers=SCRIPT
    )
    assert answer.json == {"error": "signed_out"}
    assert make.rows(KEPT) == []
