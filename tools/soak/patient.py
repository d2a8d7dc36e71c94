"""A browser that sends again what was not acknowledged, until it is."""

import http.client
import random
import time
from collections.abc import Callable, Mapping
from threading import Event

from tools.bench.browser import Answer, Browser, Wire
from tools.soak.journal import Journal

LONGEST = 240  # Seconds without any answer after which somebody gives up.
SERVER_ERROR = 500
BUSY = {429, 503}


class Stopped(Exception):
    """The run ends."""


class Refused(Exception):
    """The platform refused what it had to take."""


class Retrying:
    """A way to the server that does not give up; every try has a connection of its own."""

    def __init__(self, port: int, journal: Journal, chance: random.Random, stop: Event) -> None:
        """Remember where to, whom to tell, and when to end."""
        self._port = port
        self._journal = journal
        self._chance = chance
        self._stop = stop
        self._wire: Wire | None = None

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send the same request until it is acknowledged."""
        end = time.monotonic() + LONGEST
        while not self._stop.is_set():
            answer = self._once(method, path, headers, body)
            if answer is not None and answer.status not in BUSY:
                self._judge(method, path, answer)
                return answer
            if time.monotonic() > end:
                raise Refused(f"{method} {path} was never answered")
            self._stop.wait(self._chance.uniform(0.05, 0.3))
        raise Stopped

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer | None:
        if self._wire is None:
            self._wire = Wire(self._port, patient=False)
        try:
            answer = self._wire(method, path, headers, body)
        except ConnectionRefusedError:
            self.close()
            self._journal.count("tries while no server was there")
            return None
        except (OSError, http.client.HTTPException):
            self.close()
            self._journal.count(f"{method} not acknowledged, sent again")
            return None
        if answer.status in BUSY:
            self._journal.count(f"answered {answer.status}, sent again")
        return answer

    def _judge(self, method: str, path: str, answer: Answer) -> None:
        self._journal.count("acknowledged")
        if answer.status >= http.client.BAD_REQUEST:
            raise Refused(f"{method} {path}: {answer.status} {_heading(answer)}")
        if answer.location.startswith("/sign-in"):
            raise Refused(f"{method} {path}: signed out by nobody")

    def close(self) -> None:
        """Close the connection."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None


def _heading(answer: Answer) -> str:
    return answer.text.partition("<h1>")[2].partition("</h1>")[0] or answer.text[:200]


def until(browser: Browser, path: str, holds: Callable[[Answer], bool], stop: Event) -> Answer:
    """Open a page again and again until it says what is waited for."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        answer = browser.get(path)
        if holds(answer):
            return answer
        if stop.wait(0.25):
            raise Stopped
    raise Refused(f"{path} never came to say what was waited for")
