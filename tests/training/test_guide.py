"""The help page, and whom to ask when something went wrong."""

import re

import pytest
from flask import Flask

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.conftest import embedded
from training.auth import public
from training.guide import CHAPTERS
from training.permissions import ALLOWS, EVERYBODY, Permission, Role

pytestmark = [embedded, pytest.mark.usefixtures("databases")]
CONTACT = "Personnel desk, room 2.14"
FAILURES = [
    ("post", "/language", 400),
    ("get", "/people/", 403),
    ("get", "/no-such-page", 404),
    ("put", "/people/", 405),
    ("post", "/verify", 413),
    ("get", "/fault", 500),
]


def fault() -> str:
    """Fail in a way nobody foresaw."""
    raise LookupError


def headings(text: str) -> set[str]:
    """Return the headings of a page's second level."""
    return set(re.findall(r"<h2 id=[^>]+>([^<]+)</h2>", text))


def test_help_says_to_a_stranger_how_to_get_in_and_nothing_more(browser: Browsers) -> None:
    text = browser(None).get("/help").text
    assert headings(text) == {"Getting in"}
    assert "Your mission trainer, or the administrator of your organisation." in text
    assert 'href="/sign-in"' in text


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (None, set()),
        (Role.TRAINER, {"Getting people ready"}),
        (Role.HR, {"Checking certificates"}),
        (Role.AUTHOR, {"Keeping the content right"}),
        (Role.REVIEWER, {"Keeping the content right"}),
        (
            Role.ADMINISTRATOR,
            {"Keeping people and roles", "Getting people ready", "Checking certificates"},
        ),
    ],
)
def test_help_has_a_chapter_for_what_each_role_may_do(
    role: Role | None, expected: set[str], make: Factory, browser: Browsers
) -> None:
    text = browser(make.person(role)).get("/help").text
    assert headings(text) == expected | {"Your own training", "Getting in"}


@pytest.mark.parametrize("role", [None, *Role])
def test_help_leads_only_to_pages_that_open(
    role: Role | None, make: Factory, browser: Browsers
) -> None:
    page = browser(make.person(role))
    main = page.get("/help").text.partition("<main")[2]
    for path in set(re.findall(r'href="(/[^"]*)"', main)):
        page.get(path)


def test_help_begins_with_the_way_to_each_of_its_chapters(make: Factory, browser: Browsers) -> None:
    text = browser(make.person(Role.ADMINISTRATOR)).get("/help").text
    told = re.findall(r'<h2 id="([^"]+)">', text)
    assert len(told) == 5
    assert re.findall(r'<a href="#([^"]+)">', text.partition('class="switch"')[2]) == told


def test_every_role_has_a_chapter_of_its_own() -> None:
    told = {permission for permission, _template, _title in CHAPTERS} - EVERYBODY
    assert [role for role in Role if not told & ALLOWS[role]] == [Role.COMMANDER]
    assert CHAPTERS[-1][0] is Permission.LEARN


def test_whoever_sends_too_much_is_not_told_to_send_the_same_again(browser: Browsers) -> None:
    text = browser(None).post("/verify", {"number": "x" * 1_100_000}, expect=413).text
    assert "send less" in text
    assert "try again" not in text


def test_help_says_who_helps_in_the_organisation_of_the_reader(
    make: Factory, browser: Browsers
) -> None:
    home = make.organisation(contact=CONTACT)
    assert CONTACT in browser(make.person(organisation=home)).get("/help").text
    assert CONTACT not in browser(make.person()).get("/help").text


def test_every_page_leads_to_help(make: Factory, browser: Browsers) -> None:
    for page, path in ((browser(None), "/sign-in"), (browser(make.person()), "/")):
        assert 'href="/help"' in page.get(path).text


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
def test_a_failure_says_whom_to_ask_in_the_language_of_the_reader(
    method: str, path: str, status: int, app: Flask, make: Factory, browser: Browsers
) -> None:
    app.add_url_rule("/fault", view_func=public(fault), endpoint="fault")
    home = make.organisation(contact=CONTACT)
    seen = set()
    for language in ("en", "nl", "fr"):
        page = browser(make.person(Role.TRAINER, organisation=home, language=language))
        data = {"number": "x" * 1_100_000} if status == 413 else None
        send = getattr(page.client, method)
        answer = page._checked(send(path, base_url="https://localhost", data=data), status)
        assert CONTACT in answer.text
        assert 'href="/help"' in answer.text.partition("<main")[2].partition("<footer")[0]
        seen.add(re.findall(r"<h1>([^<]+)</h1>", answer.text)[0])
    assert len(seen) == 3
