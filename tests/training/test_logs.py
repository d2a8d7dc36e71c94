"""What is written down: one line per event, with the reference and without people."""

import json
import logging
import sys

import pytest
from flask import Flask, g

from tests.conftest import Browsers
from tests.factories import Factory
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import embedded
from training.logs import Lines

pytestmark = [embedded, pytest.mark.usefixtures("databases")]


def line(message: str, *args: object, exc_info: object = None) -> dict[str, str]:
    """Return what would be written of an event."""
    record = logging.LogRecord("a.part", logging.WARNING, "x.py", 1, message, args, exc_info)  # type: ignore[arg-type]
    text = Lines().format(record)
    assert "\n" not in text
    found: dict[str, str] = json.loads(text)
    return found


def test_an_event_is_one_line_with_its_reference(app: Flask) -> None:
    with app.test_request_context():
        g.reference = "0123456789ab"
        found = line("two\nlines of %s", "é")
    assert (found["level"], found["logger"]) == ("warning", "a.part")
    assert (found["message"], found["reference"]) == ("two\nlines of é", "0123456789ab")


def test_an_event_outside_a_request_has_no_reference() -> None:
    assert "reference" not in line("started")


def test_a_fault_is_written_with_where_it_happened() -> None:
    nothing: dict[str, str] = {}
    try:
        _ = nothing["missing"]
    except KeyError:
        assert "test_logs.py" in line("unexpected", exc_info=sys.exc_info())["traceback"]


def test_a_fault_is_written_without_what_its_message_quotes() -> None:
    with pytest.raises(ValueError, match="VA-20137") as failure:
        int("VA-20137")
    written = line("unexpected", exc_info=failure._excinfo)["traceback"]
    assert "test_logs.py" in written
    assert written.endswith("ValueError")


def test_a_sign_in_that_fails_writes_neither_name_nor_password(
    make: Factory, browser: Browsers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    enter(browser(None), somebody(make).user_name, "the wrong password", expect=422)
    enter(browser(None), "an-unknown-name", "the wrong password", expect=422)
    assert "wrong password" not in caplog.text
    assert "unknown-name" not in caplog.text
    assert "person1" not in caplog.text
