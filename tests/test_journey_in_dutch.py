"""The whole way in Dutch and without script: only links and forms that the pages offer."""

import re
from html import unescape

from sqlalchemy import select

from certificates.register.models import Certificate
from modules.catalogue.models import Course
from modules.learning.models import Completion
from quizzes.bank.models import QuestionVersion
from tests.conftest import Browsers, Worker
from tests.factories import Factory
from tests.pages import Browser
from training.accounts import passwords

DUTCH = {"Accept-Language": "nl-NL,nl;q=0.9,en;q=0.5"}
PASSWORD = "een heel lange zin die niemand raadt"


class Walker:
    """A browser that goes where pages lead, with what their forms hold."""

    def __init__(self, page: Browser) -> None:
        self.page = page
        self.text = ""
        self.path = "/"

    def open(self, path: str) -> None:
        """Open a page, following where it sends one."""
        for _ in range(5):
            self.path = path
            answer = self.page.client.get(path, base_url="https://localhost", headers=DUTCH)
            if answer.status_code != 302:
                break
            path = answer.location
        self.page._checked(answer, 200)
        self.text = answer.text
        assert '<html lang="nl"' in self.text

    def follow(self) -> None:
        """Follow the one big button, when it is a link."""
        found = re.search(r'<a class="button go" href="([^"]+)"', self.text)
        assert found, self.text
        self.open(unescape(found[1]))

    def press(self, **fields: object) -> None:
        """Press the big button of a form, sending its hidden fields and these."""
        form = next(f for f in re.findall(r"<form.*?</form>", self.text, re.DOTALL) if '"go"' in f)
        action = re.search(r'action="([^"]+)"', form)
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        button = re.search(r'<button class="go" name="(\w+)" value="(\w+)"', form)
        data = hidden | ({button[1]: button[2]} if button else {}) | fields
        path = unescape(action[1]) if action else self.path
        self.open(self.page.post(path, data, headers=DUTCH).location)


def test_from_signing_in_to_a_dutch_certificate_without_any_script(
    make: Factory, browser: Browsers, course: Course, worker: Worker
) -> None:
    person = make.person(
        language="nl",
        user_name="zberg",
        printed_name="Zoë van der Berg",
        password_hash=passwords.hash_secret(PASSWORD, fast=True),
    )
    make.assignment(person, course)
    walker = Walker(browser(None))
    walker.page.get("/", expect=303, headers=DUTCH)
    walker.open("/sign-in")
    walker.press(user_name="ZBerg", password=PASSWORD)
    assert "kerncursus" in walker.text
    walker.follow()
    titles = []
    for _ in range(4):
        titles += re.findall(r'<h1 lang="nl">([^<]+)</h1>', walker.text)
        walker.press()
    assert titles == [
        "Macht en toestemming",
        "De zes regels",
        "Melden en beschermen",
        "De plicht van wie leiding geeft",
    ]
    walker.follow()
    walker.press()
    right = {q.text["nl"]: q for q in make.rows(select(QuestionVersion))}
    for _ in range(10):
        legend = re.search(r'<fieldset lang="nl".*?<legend>(.*?)</legend>', walker.text, re.DOTALL)
        assert legend
        options = right[unescape(legend[1])].options
        walker.press(choice=[option["key"] for option in options if option["right"]])
    assert walker.path.endswith("/overview")
    walker.press()
    assert walker.path.endswith("/result")
    walker.follow()
    assert "Zoë van der Berg" in walker.text
    walker.press()
    worker()
    certificate = make.rows(select(Certificate))[0]
    assert certificate.holder_name == "Zoë van der Berg"
    assert len(make.rows(select(Completion))) == 1
    pdf = walker.page.get(f"/certificates/{certificate.id}/en.pdf")
    assert pdf.data.startswith(b"%PDF")
    walker.open("/")
    assert certificate.number in walker.text
    stranger = Walker(browser(None))
    stranger.open("/verify")
    answer = stranger.page.post(
        "/verify",
        {"number": certificate.number, "code": certificate.code},
        expect=200,
        headers=DUTCH,
    )
    assert "Zoë van der Berg" in answer.text
    assert '<html lang="nl"' in answer.text
