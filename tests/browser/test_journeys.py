"""The main job in a real browser: on a phone in Dutch, and with JavaScript off."""

import pytest
from sqlalchemy import select

from certificates.register.models import Certificate
from tests.browser.conftest import PASSWORD, Kept, Learner, Opener, RightAnswers, Verifier
from tests.browser.window import Window
from tests.conftest import Worker
from tests.factories import Factory

# What differs between the databases is tried without a browser, in tests/test_journey.py.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
NAME = "Zoë van der Berg-Çelik"


def test_on_a_phone_in_dutch_from_signing_in_to_a_verified_certificate(
    make: Factory,
    learner: Learner,
    window: Opener,
    right: RightAnswers,
    kept: Kept,
    worker: Worker,
    verify: Verifier,
) -> None:
    person = learner(language="nl", printed_name=NAME)
    phone = window(360, 740)
    phone.sign_in(person.user_name, PASSWORD)
    assert (phone.place, phone.language) == ("/", "nl")
    phone.read_all()
    phone.press("a.go")
    phone.press("button.go")
    answers = right(person)
    wanted = [sorted(answers[n]) for n in sorted(answers)]
    for n in (1, 2, 3):
        phone.choose(answers[n])
        assert kept()[-1] == wanted[n - 1]
        phone.press("button[value=next]")
    phone.choose(answers[4])
    phone.page.reload()
    phone.inspect()
    assert checked(phone) == wanted[3]
    phone.context.close()

    tablet = window(360, 740)
    tablet.sign_in(person.user_name, PASSWORD)
    tablet.press("a.go")
    for n in range(5, 11):
        assert tablet.place.endswith(f"/{n}"), "it continues at the first open question"
        tablet.choose(answers[n])
        tablet.press("button.go")
    tablet.press("form[action$=submit] button")
    tablet.press("a.go")
    assert NAME in tablet.text()
    tablet.press("button.go")
    certificate = make.rows(select(Certificate))[0]
    assert certificate.holder_name == NAME
    assert not tablet.page.query_selector("a[href$='.pdf']"), "it is still being made"
    worker()
    tablet.wait("a[href$='en.pdf']")
    tablet.inspect()
    assert tablet.download(lambda: tablet.page.click("a[href$='en.pdf']")).startswith(b"%PDF")
    verify(window(360, 740))


def checked(window: Window) -> list[str]:
    """Return the keys of the options chosen on the page."""
    chosen = "options => options.map(option => option.value).sort()"
    found: list[str] = window.page.eval_on_selector_all("[name=choice]:checked", chosen)
    return found


def test_without_javascript_from_signing_in_to_a_verified_certificate(
    learner: Learner,
    window: Opener,
    right: RightAnswers,
    kept: Kept,
    worker: Worker,
    verify: Verifier,
) -> None:
    person = learner(printed_name=NAME)
    plain = window(360, 740, java_script_enabled=False)
    plain.sign_in(person.user_name, PASSWORD)
    plain.read_all()
    plain.press("a.go")
    plain.press("button.go")
    answers = right(person)
    for n in range(1, 11):
        plain.choose(answers[n])
        plain.press("button.go")
    assert kept() == [sorted(answers[n]) for n in range(1, 11)]
    plain.press("form[action$=submit] button")
    plain.press("a.go")
    plain.press("button.go")
    worker()
    plain.wait("a[href$='en.pdf']")
    assert plain.download(lambda: plain.page.click("a[href$='en.pdf']")).startswith(b"%PDF")
    verify(window(360, 740, java_script_enabled=False))
