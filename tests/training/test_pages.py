"""The pages for when something goes wrong, and what every page has around it."""

import re

import pytest
from flask import Flask
from jinja2 import UndefinedError

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.conftest import embedded
from training.accounts.models import Person
from training.auth import public
from training.permissions import Role

pytestmark = [embedded, pytest.mark.usefixtures("databases")]
SECRET = "what only the code may know"


def fault() -> str:
    """Fail in a way nobody foresaw."""
    raise LookupError(SECRET)


@pytest.fixture
def trainer(make: Factory) -> Person:
    """Return a trainer, who may not see the desk."""
    return make.person(Role.TRAINER)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "/language", 400),
        ("get", "/people/", 403),
        ("get", "/no-such-page", 404),
        ("get", "/attempts/99", 404),
        ("put", "/people/", 405),
        ("post", "/verify", 413),
        ("get", "/fault", 500),
    ],
)
def test_a_failure_has_a_page_with_heading_remedy_and_reference(
    method: str, path: str, status: int, trainer: Person, app: Flask, browser: Browsers
) -> None:
    app.add_url_rule("/fault", view_func=public(fault), endpoint="fault")
    page = browser(trainer)
    data = {"number": "x" * 1_100_000} if status == 413 else None
    send = getattr(page.client, method)
    answer = page._checked(send(path, base_url="https://localhost", data=data), status)
    assert re.search(r"<h1>[^<]+</h1>", answer.text)
    assert re.search(r"reference: <code>[0-9a-f]{12}</code>", answer.text)
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text
    assert SECRET not in answer.text


def test_the_reference_of_a_fault_is_written_down_with_it(
    app: Flask, browser: Browsers, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/fault", view_func=public(fault), endpoint="fault")
    browser(None).get("/fault", expect=500)
    assert [record.message for record in caplog.records if record.exc_info] == ["unexpected"]


def test_a_script_gets_its_failures_as_json(browser: Browsers) -> None:
    headers = {"Accept": "application/json"}
    answer = browser(None).get("/no-such-page", expect=404, headers=headers)
    assert set(answer.json or {}) == {"error"}


def test_two_failures_have_two_references(browser: Browsers) -> None:
    page = browser(None)
    texts = {page.get("/no-such-page", expect=404).text for _ in range(2)}
    assert len({re.findall(r"<code>(\w+)</code>", text)[0] for text in texts}) == 2


def test_a_failure_is_told_in_the_language_of_the_reader(browser: Browsers) -> None:
    headers = {"Accept-Language": "fr"}
    assert '<html lang="fr"' in browser(None).get("/no", expect=404, headers=headers).text


def test_the_navigation_holds_what_the_person_may_open_and_nothing_else(
    make: Factory, browser: Browsers
) -> None:
    def links(role: Role | None) -> set[str]:
        text = browser(make.person(role)).get("/").text
        return set(re.findall(r'href="(/[a-z/]*)"', text)) & {"/people/", "/progress/"}

    assert links(None) == set()
    assert links(Role.HR) == {"/progress/"}
    assert links(Role.TRAINER) == {"/progress/"}
    assert links(Role.ADMINISTRATOR) == {"/people/", "/progress/"}


def test_a_name_is_shown_as_text_and_never_as_markup(make: Factory, browser: Browsers) -> None:
    person = make.person(Role.ADMINISTRATOR, printed_name="<script>alert(1)</script>")
    for path in ("/", "/people/", f"/people/{person.id}", f"/people/{person.id}/edit"):
        text = browser(person).get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_template_that_asks_for_what_is_not_there_fails(app: Flask) -> None:
    with app.app_context(), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ misspelt }}").render()
