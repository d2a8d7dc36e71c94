"""What a page holds that a visitor acts on: forms, links, and the files it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank.models import QuestionVersion


@dataclass
class Form:
    """A form that is sent: where to, with which hidden fields, choices and buttons."""

    action: str
    hidden: list[tuple[str, str]] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    legend: str = ""
    onward: str = ""  # Where the first button leads when there is nothing left to send.


class Page(HTMLParser):
    """A page taken apart."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self._form: Form | None = None
        self._in_legend = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag asks for or takes."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method") == "post":
            self._form = Form(found.get("action", ""))
            self.forms.append(self._form)
        elif tag == "legend":
            self._in_legend = True
        elif tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif self._form is not None and tag in {"input", "button"}:
            self._note_field(self._form, tag, found)
        else:
            self._note_file(tag, found)

    def _note_file(self, tag: str, found: Mapping[str, str]) -> None:
        name = {"link": "href", "use": "href", "script": "src", "img": "src"}.get(tag, "")
        path = found.get(name, "").partition("#")[0]
        if path.startswith("/") and path not in self.files:
            self.files.append(path)

    def _note_field(self, form: Form, tag: str, found: Mapping[str, str]) -> None:
        pair = found.get("name", ""), found.get("value", "")
        if tag == "button":
            form.buttons.append(pair)
            form.onward = form.onward or found.get("data-url", "")
        elif pair[0] == "choice":
            form.choices.append(pair[1])
        elif found.get("type") == "hidden" and pair[0] != "csrf_token":
            form.hidden.append(pair)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a legend."""
        if tag == "form":
            self._form = None
        elif tag == "legend":
            self._in_legend = False

    def handle_data(self, data: str) -> None:
        """Collect the question."""
        if self._in_legend and self._form is not None:
            self._form.legend += data

    def form(self, action: str) -> Form:
        """Return the form whose address matches a pattern; an empty one on any other page."""
        matching = (form for form in self.forms if re.search(action, form.action))
        return next(matching, Form(""))

    @property
    def question(self) -> Form:
        """Return the form with choices; an empty one on any other page."""
        return next((form for form in self.forms if form.choices), Form(""))

    def link(self, pattern: str) -> str:
        """Return the first link that matches, or nothing."""
        return next((link for link in self.links if re.search(pattern, link)), "")


class Key:
    """Which answers are right, for those who have to know."""

    def __init__(self, session: Session) -> None:
        """Read every question of the bank, by its English words."""
        self._questions = {
            _words(question.text["en"]): question
            for question in session.scalars(select(QuestionVersion))
        }

    def right(self, legend: str) -> list[str]:
        """Return the right choices of a question as it is shown."""
        options = self._questions[_words(legend)].options
        return sorted(option["key"] for option in options if option["right"])

    def wrong(self, legend: str) -> list[str]:
        """Return a choice that is not right."""
        options = self._questions[_words(legend)].options
        wrong = [option["key"] for option in options if not option["right"]]
        # Where every option is right, leaving one out is wrong.
        return wrong[:1] or self.right(legend)[1:]

    def critical(self, legend: str) -> bool:
        """Tell whether a question must be answered rightly by everybody."""
        return self._questions[_words(legend)].critical


def _words(text: str) -> str:
    return " ".join(text.split())
