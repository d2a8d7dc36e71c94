"""How a new person gets in: through an administrator, a start code and a password of their own."""

import re

import pytest

from modules.catalogue.models import Course
from tests.browser.conftest import PASSWORD, Joiner, Opener
from training.permissions import Role

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


def test_a_person_made_by_an_administrator_gets_in_by_start_code_and_finds_the_course(
    course: Course, join: Joiner, window: Opener
) -> None:
    office = window()
    office.sign_in(join(Role.ADMINISTRATOR).user_name, PASSWORD)
    office.set_up_second_step()
    office.press("role=link[name='People']")
    office.press("role=link[name='Add a person']")
    office.page.fill("#printed_name", "Ayşe Çelik")
    office.page.fill("#user_name", "ayse.celik")
    office.page.fill("#personnel_number", "M-4711")
    office.press("role=button[name='Save']")
    office.press("role=link[name='Assign training']")
    assert office.page.input_value("#people") == "ayse.celik"
    office.page.fill("#due_on", "2031-03-01")
    office.press("role=button[name='Assign']")
    assert "Assigned" in office.text("tr:has-text('ayse.celik')")
    office.press("role=link[name='People']")
    office.press("role=link[name='Ayşe Çelik']")
    office.press("role=button[name='Make a new start code']")
    code = office.text(".big-code")
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)
    office.press("role=button[name='Nederlands']")
    assert office.language == "nl"
    office.press("role=button[name='English']")
    office.press("role=link[name='People']")
    office.press("role=link[name='Ayşe Çelik']")
    office.press("role=button[name='Give this role']")
    assert "Mission trainer" in office.text("[aria-labelledby=roles] table")
    office.press("form[action$=revoke] button")
    assert not office.page.query_selector("form[action$=revoke]")

    phone = window(360, 740)
    phone.open("/sign-in")
    phone.page.fill("#user_name", "ayse.celik")
    phone.page.fill("#password", code.lower().replace("-", " "))
    phone.press("form.card button")
    assert phone.place == "/password"
    phone.page.fill("#password", PASSWORD)
    phone.page.fill("#repeat", PASSWORD)
    phone.press("form.card button")
    assert phone.place == "/"
    assert "core course" in phone.text(".task-card")
    assert "1 March 2031" in phone.text(".task-card")
    phone.press("a.go")
    assert "/lessons/" in phone.place
