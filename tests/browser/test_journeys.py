"""The main job in a real browser: on a phone in Dutch, and with JavaScript off."""

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.register.models import Certificate
from modules.catalogue.models import Course
from tests.browser.conftest import PASSWORD, Joiner, Kept, Opener, RightAnswers
from tests.browser.window import Window
from tests.factories import Factory
from training import jobs

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
NAME = "Zoë van der Berg-Çelik"


def test_on_a_phone_in_dutch_from_signing_in_to_a_verified_certificate(
    app: Flask,
    make: Factory,
    course: Course,
    join: Joiner,
    window: Opener,
    right: RightAnswers,
    kept: Kept,
) -> None:
    person = join(language="nl", printed_name=NAME)
    make.assignment(person, course)
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
    with app.app_context():
        jobs.run_all()
    tablet.wait("a[href$='en.pdf']")
    tablet.inspect()
    assert tablet.download("a[href$='en.pdf']").startswith(b"%PDF")
    verify(window(360, 740), certificate)


def checked(window: Window) -> list[str]:
    """Return the keys of the options chosen on the page."""
    chosen = "options => options.map(option => option.value).sort()"
    found: list[str] = window.page.eval_on_selector_all("[name=choice]:checked", chosen)
    return found


def verify(window: Window, certificate: Certificate) -> None:
    """Verify a certificate as a stranger does: with the number, then with the code as well."""
    window.open("/verify")
    window.page.fill("#number", certificate.number)
    window.press("form.card button")
    assert NAME not in window.text()
    window.page.fill("#code", certificate.code)
    window.press("form.card button")
    assert NAME in window.text()
    window.open(f"/v/{certificate.number}/{certificate.code}")
    assert NAME in window.text()
    window.press("form.card button")
    assert window.place == "/verify"
    assert window.page.query_selector(".verdict.valid")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_without_javascript_from_signing_in_to_the_certificate(
    app: Flask,
    make: Factory,
    course: Course,
    join: Joiner,
    window: Opener,
    right: RightAnswers,
    kept: Kept,
) -> None:
    person = join(printed_name=NAME)
    make.assignment(person, course)
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
    with app.app_context():
        jobs.run_all()
    plain.wait("a[href$='en.pdf']")
    assert plain.download("a[href$='en.pdf']").startswith(b"%PDF")
