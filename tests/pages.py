"""A browser for tests that inspects every page it opens, whatever the test is about."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from training import clock, db
from training.accounts import sessions
from training.accounts.models import Person

FIELDS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button"}
NEVER_IN_TITLES = re.compile(r"\d{1,3} ?%|P\d{5}")


class Page(HTMLParser):
    """What can be seen of a page without a browser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.inputs: set[str] = set()
        self.inline: list[str] = []
        self.links: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.references: set[str] = set()
        self.title = ""
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says of itself."""
        found = dict(attrs)
        self.tags[tag] += 1
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        self._note_inline(tag, found)
        self._note_field(tag, found)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "form":
            self.forms.append(found)
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.references |= set((found.get(name) or "").split())
        if tag not in {"input", "meta", "link", "br", "img", "hr", "use", "path"}:
            self._inside.append(tag)

    def _note_field(self, tag: str, found: dict[str, str | None]) -> None:
        if tag == "label" and found.get("for"):
            self.labelled.add(str(found["for"]))
        if tag in FIELDS and found.get("type") not in UNLABELLED:
            wrapped = "label" in self._inside or found.get("aria-label")
            if not wrapped:
                self.inputs.add(str(found.get("id")))

    def _note_inline(self, tag: str, found: dict[str, str | None]) -> None:
        if "style" in found or any(name.startswith("on") for name in found):
            self.inline.append(tag)
        if tag == "style" or (tag == "script" and not found.get("src")):
            self.inline.append(tag)
        if tag == "img":
            assert "alt" in found, "a picture has a description"

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Collect the title."""
        if self._inside and self._inside[-1] == "title" and "svg" not in self._inside:
            self.title += data

    def check(self) -> None:
        """Fail on anything that is wrong on every page."""
        assert self.tags["h1"] == 1, "a page has one h1"
        assert self.tags["main"] == 1, "a page has one main"
        assert not [key for key, n in self.ids.items() if n > 1], f"ids are unique: {self.ids}"
        assert self.inputs <= self.labelled, f"unlabelled: {self.inputs - self.labelled}"
        assert self.references <= set(self.ids), f"dangling: {self.references - set(self.ids)}"
        assert not self.inline, f"inline script or style: {self.inline}"
        foreign = [link for link in self.links if link.startswith(("http:", "https:", "//"))]
        assert not foreign, f"a link leaves the site: {foreign}"
        assert not NEVER_IN_TITLES.search(self.title), f"a title says too much: {self.title}"


class Browser:
    """A test client that may be signed in, carries its CSRF token and checks every page."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        secret = app.config["SECRET_KEY"]
        self.token = str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps("token"))
        signed_in = self._begin(person) if person is not None else {}
        self.keep(csrf_token="token", **signed_in)

    def _begin(self, person: Person) -> dict[str, Any]:
        with self.app.app_context(), db.transaction() as session:
            token = sessions.begin(
                session, person.id, own_device=False, second_step=True, at=clock.now()
            )
        return {"_user_id": token, "_fresh": True}

    def keep(self, **values: Any) -> None:
        """Put values into the cookie."""
        with self.client.session_transaction(base_url="https://localhost") as cookie:
            cookie.update(values)

    def get(self, path: str, expect: int = 200, **options: Any) -> TestResponse:
        """Open a page."""
        answer = self.client.get(path, base_url="https://localhost", **options)
        return self._checked(answer, expect)

    def post(self, path: str, data: Any = None, expect: int = 303, **options: Any) -> TestResponse:
        """Send a form with its token."""
        fields = {"csrf_token": self.token} | (data or {})
        answer = self.client.post(path, data=fields, base_url="https://localhost", **options)
        return self._checked(answer, expect)

    @staticmethod
    def _checked(response: TestResponse, expect: int) -> TestResponse:
        assert response.status_code == expect, (response.status_code, response.text[-1500:])
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            Page(response.text).check()
            assert "Content-Security-Policy" in response.headers
        return response
