"""What every response tells the browser, and the token against forgery."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import embedded
from training.auth import public
from training.headers import POLICY

pytestmark = [embedded, pytest.mark.usefixtures("databases")]
KINDS: list[tuple[str, str, dict[str, Any], int]] = [
    ("get", "/static/training.css", {}, 200),
    ("get", "/sign-in", {}, 200),
    ("get", "/people", {}, 308),
    ("get", "/", {}, 303),
    ("get", "/", {"headers": {"Accept": "application/json"}}, 401),
    ("get", "/livez", {}, 200),
    ("get", "/no-such-page", {}, 404),
    ("post", "/sign-in", {}, 400),
    ("delete", "/sign-in", {}, 405),
    ("post", "/verify", {"data": {"number": "x" * 1_100_000}}, 413),
    ("get", "/fault", {}, 500),
    ("options", "/sign-in", {}, 200),
    ("head", "/sign-in", {}, 200),
]


def answers(app: Flask) -> list[tuple[str, TestResponse]]:
    """Return a response of every kind."""
    app.add_url_rule("/fault", view_func=public(lambda: str(1 // 0)), endpoint="fault")
    client, found = app.test_client(), []
    for method, path, options, status in KINDS:
        answer = getattr(client, method)(path, base_url="https://localhost", **options)
        assert answer.status_code == status, path
        answer.close()
        found.append((path, answer))
    return found


def test_every_kind_of_response_has_the_strict_headers(app: Flask) -> None:
    for path, answer in answers(app):
        headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "geolocation=()" in headers["Permissions-Policy"]
        if path.startswith("/static/"):
            assert "max-age=31536000" in headers["Cache-Control"]
        else:
            assert headers["Cache-Control"] == "no-store", path


def test_the_policy_allows_nothing_that_is_written_into_a_page() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_tls_is_not_promised_on_a_connection_without(app: Flask) -> None:
    answer = app.test_client().get("/livez", base_url="http://localhost")
    assert "Strict-Transport-Security" not in answer.headers


def test_every_cookie_belongs_to_this_host_and_to_no_script(
    make: Factory, browser: Browsers
) -> None:
    page = browser(None)
    cookies = enter(page, somebody(make).user_name).headers.getlist("Set-Cookie")
    cookies += page.get("/sign-in", expect=302).headers.getlist("Set-Cookie")
    cookies += browser(None).get("/sign-in").headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-training=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
        assert not [a for a in attributes if a.startswith(("Domain", "Expires", "Max-Age"))]


def test_a_form_without_its_token_is_refused_with_a_page_that_says_what_to_do(
    make: Factory, browser: Browsers
) -> None:
    page = browser(make.person())
    for path in ("/sign-in", "/sign-out", "/language", "/password", "/demonstration"):
        for token in ("", "forged", "token"):
            text = page.post(path, {"csrf_token": token, "language": "nl"}, expect=400).text
            assert "This page had expired" in text
    page.get("/")
    assert 'lang="en"' in page.get("/").text


def test_the_token_of_another_browser_is_refused(browser: Browsers) -> None:
    mine, theirs = browser(None), browser(None)
    theirs.keep(csrf_token="another")
    theirs.post("/language", {"csrf_token": mine.token, "language": "nl"}, expect=400)
