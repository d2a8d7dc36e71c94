"""The main job by keyboard alone, on a wide screen in English."""

import os

import pytest
from sqlalchemy import select

from certificates.register.models import Certificate
from tests.browser.conftest import PASSWORD, Kept, Learner, Opener, RightAnswers
from tests.browser.keyboard import Keyboard
from tests.conftest import Worker
from tests.factories import Factory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


def test_by_keyboard_alone_from_signing_in_to_a_verified_certificate(
    make: Factory,
    learner: Learner,
    window: Opener,
    right: RightAnswers,
    kept: Kept,
    worker: Worker,
) -> None:
    person = learner(printed_name="Noor Haddad")
    wide = window()
    wide.open("/sign-in")
    keyboard = Keyboard(wide)
    sign_in(keyboard, person.user_name)
    skip_and_follow(keyboard, "a.go")
    while "/lessons/" in wide.place:
        skip_and_follow(keyboard, ".onward button.go")
    skip_and_follow(keyboard, "a.go")
    skip_and_follow(keyboard, "button.go")
    answers = right(person)
    for n in range(1, 11):
        keyboard.skip()
        keyboard.choose(answers[n])
        if n == 2:
            there_and_back(keyboard)
        keyboard.follow("button.go")
    assert kept()[-1] == sorted(answers[10])
    skip_and_follow(keyboard, "form[action$=submit] button")
    skip_and_follow(keyboard, "a.go")
    skip_and_follow(keyboard, "button.go")
    worker()
    wide.wait("a[href$='en.pdf']")
    keyboard.skip()
    keyboard.to("a[href$='en.pdf']")
    assert wide.download(lambda: keyboard.press("Enter")).startswith(b"%PDF")
    verify(keyboard, make.rows(select(Certificate))[0])
    if os.environ.get("RECORD"):
        keyboard.record()


def sign_in(keyboard: Keyboard, user_name: str) -> None:
    """Fill the form in and send it with Enter."""
    keyboard.to("#user_name")
    keyboard.type(user_name, "the user name")
    keyboard.to("#password")
    keyboard.type(PASSWORD, "the password")
    keyboard.enter()


def verify(keyboard: Keyboard, certificate: Certificate) -> None:
    """Open the public page and send number and code from its fields."""
    keyboard.open("/verify")
    keyboard.to("#number")
    keyboard.type(certificate.number, "the number")
    keyboard.to("#code")
    keyboard.type(certificate.code, "the code")
    keyboard.enter()
    assert str(certificate.holder_name) in keyboard.window.text()
    assert keyboard.window.page.query_selector(".verdict.valid")


def skip_and_follow(keyboard: Keyboard, selector: str) -> None:
    """Pass the menu by and press something of the page itself."""
    keyboard.skip()
    keyboard.follow(selector)


def there_and_back(keyboard: Keyboard) -> None:
    """Go back one question and come forward again."""
    keyboard.to("button[value=previous]")
    keyboard.enter()
    keyboard.to(".switch a")
    keyboard.to("[name=choice]")
    keyboard.to(".switch a", "Shift+Tab")
    keyboard.follow("button[value=next]")
    keyboard.skip()
    keyboard.to("[name=choice]:checked, [type=checkbox]")
