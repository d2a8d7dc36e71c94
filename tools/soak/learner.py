"""One learner on the way from signing in to the paper, by what the pages offer."""

import enum
import random
import re
from hashlib import sha256
from threading import Event

from tools.bench.browser import Browser
from tools.bench.page import Form, Key, Page
from tools.soak.journal import Answered, Journal, Notes, Paper
from tools.soak.patient import Refused, Retrying, Stopped, until

THINKING = 0.04  # Seconds between two requests, at most.
PLACE = re.compile(r"/attempts/(\d+)/(\d+)/(\d+)")
MOST_STEPS = 400


class Way(enum.Enum):
    """How somebody fares in a round of the test."""

    RIGHT = enum.auto()
    CRITICAL_MISSED = enum.auto()
    WRONG = enum.auto()


class Learner:
    """Somebody who does everything once and sends again what was not acknowledged."""

    def __init__(
        self,
        notes: Notes,
        key: Key,
        journal: Journal,
        chance: random.Random,
        port: int,
        stop: Event,
    ) -> None:
        """Draw how it will go: one attempt may fail, and conduct checks may be needed."""
        self.notes = notes
        self._key = key
        self._journal = journal
        self._chance = chance
        self._stop = stop
        self._transport = Retrying(port, journal, chance, stop)
        self._browser = Browser(self._transport)
        self._ways = chance.choice(
            (
                [Way.RIGHT],
                [Way.RIGHT],
                [Way.WRONG, Way.RIGHT],
                [Way.CRITICAL_MISSED, Way.RIGHT],
                [Way.CRITICAL_MISSED, Way.CRITICAL_MISSED, Way.RIGHT],
            )
        )
        self._missed = ""

    def learn(self, user_name: str, password: str) -> None:
        """Go all the way; what must not happen goes into the journal."""
        try:
            self._sign_in(user_name, password)
            self._read()
            self._take_test()
            self._get_papers()
            self.notes.finished = True
            self._journal.count("journeys finished")
        except Stopped:
            self._journal.count("journeys cut short")
        except Refused as refusal:
            self._journal.violate(f"{user_name}: {refusal}")
        finally:
            self._transport.close()

    def _sign_in(self, user_name: str, password: str) -> None:
        self._browser.get("/sign-in")
        fields = [("user_name", user_name), ("password", password)]
        self._browser.post("/sign-in", fields)
        self._think()

    def _think(self) -> None:
        self._stop.wait(self._chance.uniform(0, THINKING))

    def _read(self) -> None:
        self._browser.get("/")
        contents = f"/learn/{self.notes.assignment}/"
        for path in self._lessons(contents):
            page = Page(self._browser.get(path).text)
            form = page.form("/lessons/")
            self._think()
            self._browser.post(form.action, form.hidden)
            self.notes.ticked.append(path)
        self._browser.get(contents)

    def _lessons(self, contents: str) -> list[str]:
        links = Page(self._browser.get(contents).text).links
        return list(dict.fromkeys(link for link in links if "/lessons/" in link))

    def _take_test(self) -> None:
        place = self._begin()
        for _ in range(MOST_STEPS):
            self._think()
            answer = self._browser.get(place)
            if answer.location:
                place = answer.location
                continue
            page = Page(answer.text)
            if place.endswith("/result"):
                self.notes.passed = bool(page.link(r"^/certificates/\d+"))
                if self.notes.passed:
                    return
                again = page.link(r"/conduct-check$")
                place = again or self._begin()
            else:
                place = self._step(place, page)
        raise Refused(f"the test never ends: {place}")

    def _begin(self) -> str:
        path = f"/learn/{self.notes.assignment}/test"
        self._browser.get(path)
        place = self._browser.post(path).location
        found = re.match(r"/attempts/(\d+)", place)
        if found is None:
            raise Refused(f"no attempt began: {place}")
        self.notes.begun.append(int(found[1]))
        return place

    def _step(self, place: str, page: Page) -> str:
        if page.question.choices:
            return self._answer(place, page.question)
        if place.endswith("/conduct-check"):
            form = page.form(r"/conduct-check/\d+$")
            moved = self._browser.post(form.action, form.hidden).location
            attempt, lesson = re.findall(r"\d+", form.action)
            self.notes.reread.append((int(attempt), int(lesson)))
            return moved
        form = page.form("/submit$")
        if not form.action:
            raise Refused(f"{place} offers nothing to do")
        moved = self._browser.post(form.action, form.hidden).location
        attempt, round_ = re.findall(r"\d+", form.action)
        self.notes.submitted.append((int(attempt), int(round_)))
        if len(self._ways) > 1:
            self._ways.pop(0)
        self._missed = ""
        return moved

    def _answer(self, place: str, question: Form) -> str:
        found = PLACE.match(place)
        if found is None:
            raise Refused(f"{place} is no question")
        where = (int(found[1]), int(found[2]), int(found[3]))
        final = self._choose(question)
        if self._chance.random() < 0.3:  # noqa: PLR2004 - some change their mind
            self._save(question, where, [self._chance.choice(question.choices)], script=True)
        if self._chance.random() < 0.6:  # noqa: PLR2004 - some have script
            self._save(question, where, final, script=True)
        return self._save(question, where, final, script=False)

    def _save(
        self, question: Form, where: tuple[int, int, int], chosen: list[str], *, script: bool
    ) -> str:
        fields = [("choice", choice) for choice in chosen]
        if not script:
            fields.append(question.buttons[0])
        answer = self._browser.post(question.action, fields, script=script)
        self.notes.answered.append(Answered(*where, tuple(sorted(chosen))))
        return answer.location

    def _choose(self, question: Form) -> list[str]:
        way, legend = self._ways[0], question.legend
        critical = self._key.critical(legend)
        misses = way is Way.WRONG and not critical
        if way is Way.CRITICAL_MISSED and critical:
            # Of each round it is the first critical question that is missed.
            self._missed = self._missed or legend
            misses = self._missed == legend
        return self._key.wrong(legend) if misses else self._key.right(legend)

    def _get_papers(self) -> None:
        home = Page(self._browser.get("/").text)
        certificate = re.match(r"/certificates/(\d+)", home.link(r"^/certificates/\d+"))
        if certificate is None:
            raise Refused("passed, and the first page names no certificate")
        number = int(certificate[1])
        form = Page(self._browser.get(f"/certificates/{number}/name").text).form("/name$")
        self._browser.post(form.action, form.hidden)
        self.notes.confirmed.append(number)
        self._paper(number, "en")
        if self._chance.random() < 0.3:  # noqa: PLR2004 - some want it in Dutch as well
            self._browser.post(f"/certificates/{number}/documents/nl")
            self.notes.wanted.append((number, "nl"))
            self._paper(number, "nl")

    def _paper(self, certificate: int, language: str) -> None:
        path = f"/certificates/{certificate}/{language}.pdf"
        shown = f"/certificates/{certificate}"
        until(self._browser, shown, lambda answer: path in answer.text, self._stop)
        for _ in range(2):
            data = self._browser.get(path).body
            self.notes.papers.append(Paper(certificate, language, sha256(data).hexdigest()))
