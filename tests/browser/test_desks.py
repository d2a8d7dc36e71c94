"""The everyday work of the three desks, in no more presses than a person has patience for."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.register import services as register
from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from tests.browser.conftest import PASSWORD, Joiner, Opener
from tests.browser.hands import Hands
from tests.browser.window import Window
from tests.certificates.register.test_register import earn
from tests.conftest import Worker
from tests.factories import NOW, Factory
from tests.training.imports.lists import workbook
from training.accounts.models import Organisation, Person
from training.permissions import Role

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PEOPLE = 214
FAMILIES = ("Jansen", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Bos", "Vos", "Peters")
FIRST = ("Jan", "Anna", "Bram", "Noor", "Piet", "Sara", "Tom", "Eva", "Koen", "Lies", "Mo")


def untidy_list() -> bytes:
    """Return a list as an office sends it."""
    rows: list[tuple[object, ...]] = [
        ("Rotatie 12 - DEFINITIEF (versie 3)",),
        ("Bijgewerkt door P&O",),
        (),
        ("Nr", "Naam", "Persnr.", "Geb.datum", "Rang", "Onderdeel", "Opm."),
    ]
    for n in range(PEOPLE):
        family, first = FAMILIES[n % len(FAMILIES)], FIRST[n % len(FIRST)]
        name = f"{family}-{FAMILIES[n // 24]}, {first[0]}.M. ({first})"
        rows.append(
            (n + 1, name, f" 00{71_000 + n} ", f"0{n % 9 + 1}-03-199{n % 10}", "sld", "A-cie", "")
        )
        if n == 100:
            rows.append(())
    notes = [("Toelichting",), ("Vragen? Bel de planning.",)]
    return workbook({"Toelichting": notes, "Lijst": rows})


def numbers() -> str:
    """Return the personnel numbers as they are copied out of the list."""
    return "\n".join(f"00{71_000 + n}" for n in range(PEOPLE))


def test_from_an_untidy_list_of_214_to_everybody_assigned_in_at_most_25_presses(
    course: Course,
    make: Factory,
    join: Joiner,
    window: Opener,
    worker: Worker,
    session: Session,
    tmp_path: Path,
) -> None:
    home, hands = make.organisation(), Hands("trainer")
    administrator = join(Role.ADMINISTRATOR, organisation=home)
    trainer = join(Role.TRAINER, organisation=home)
    file = tmp_path / "rotatie 12 DEFINITIEF.xlsx"
    file.write_bytes(untidy_list())

    office = hands.at(window())
    office.sign_in(administrator.user_name, PASSWORD)
    office.set_up_second_step()
    hands.press(office, "role=link[name='People']")
    hands.press(office, "role=link[name='Import a list']")
    hands.choose_file(office, "#file", file)
    hands.press(office, "role=button[name='Read this list']")
    assert "looks like dates of birth" in office.text()
    office.page.click("text=Make units that are not known yet")
    hands.press(office, "role=button[name='Show what would happen']")
    hands.press(office, f"role=button[name='Import {PEOPLE} people']")
    worker()
    office.wait("text=The list has been imported")
    hands.look(office)

    desk = hands.at(window())
    desk.sign_in(trainer.user_name, PASSWORD)
    desk.set_up_second_step()
    before = hands.presses
    hands.press(desk, "role=link[name='Progress']")
    hands.press(desk, "role=link[name='Assign training']")
    hands.fill(desk, "#due_on", "2031-03-01")
    hands.fill(desk, "#people", numbers())
    hands.press(desk, "role=button[name='Assign']")
    desk.inspect()
    assert f"You assigned a training to {PEOPLE} people." in desk.text()
    assert hands.presses - before <= 6, "assigning a course to pasted numbers takes six presses"
    assert session.scalar(select(func.count()).select_from(Assignment)) == PEOPLE
    assert hands.presses <= 25, hands.presses


@pytest.fixture
def holder(
    app: Flask, course: Course, join: Joiner, make: Factory, session: Session, worker: Worker
) -> Person:
    """Return somebody with a certificate."""
    person = join(printed_name="Zoë van der Berg-Çelik", personnel_number="M-4711")
    earned = earn(app, make, course, session, person)
    register.confirm_name(session, person.id, earned.id, person.printed_name, at=NOW)
    session.commit()
    worker()
    return person


def test_hr_gets_from_a_name_on_the_phone_to_a_checked_certificate_in_at_most_4_presses(
    holder: Person, join: Joiner, make: Factory, window: Opener, session: Session
) -> None:
    home = session.get_one(Organisation, holder.organisation_id)
    verifier = join(Role.HR, organisation=home)
    certificate = make.rows(select(Certificate))[0]
    hands = Hands("hr")
    desk = hands.at(window())
    desk.sign_in(verifier.user_name, PASSWORD)
    desk.set_up_second_step()
    hands.presses = 0
    hands.press(desk, "role=link[name='Find a person or certificate'] >> nth=0")
    desk.page.keyboard.type("celik zoe")
    hands.press(desk, "role=button[name='Search']")  # One person only: the record opens.
    assert certificate.number in desk.text()
    assert "Valid" in desk.text("[aria-labelledby=standing] .badge >> nth=0")
    desk.page.emulate_media(media="print")
    on_paper = desk.page.locator("main button:visible, main .button:visible")
    assert not on_paper.count(), "nothing to press is printed"
    desk.page.emulate_media(media="screen")
    desk.tolerate("en.pdf")  # The viewer of the browser asks for an icon that is not there.
    with desk.page.expect_response("**/certificates/**") as opened:
        desk.page.click("role=link[name=/Open the PDF/] >> nth=0")
    assert opened.value.status == 200
    assert opened.value.headers["content-type"] == "application/pdf"
    assert hands.presses <= 4, hands.presses


def type_in_two_fields(window: Window, first: str, second: str) -> None:
    """Type in the field that has the focus, and by the keyboard's Next in the one after it."""
    window.page.keyboard.type(first)
    window.page.keyboard.press("Tab")
    window.page.keyboard.type(second)


def test_without_e_mail_from_the_printed_card_to_the_first_lesson_in_at_most_6_taps_on_a_phone(
    course: Course, join: Joiner, make: Factory, window: Opener
) -> None:
    home = make.organisation()
    trainer = join(Role.TRAINER, organisation=home)
    person = join(organisation=home, password_hash=None, email=None)
    make.assignment(person, course)
    desk = window()
    desk.sign_in(trainer.user_name, PASSWORD)
    desk.set_up_second_step()
    desk.press("role=link[name='Start cards'] >> nth=0")
    desk.press("role=button[name='Make the cards']")
    card = desk.page.locator(".start-card", has_text=person.user_name)
    address, user_name, code = card.locator("dd").all_inner_texts()

    hands = Hands("deployee")
    phone = hands.at(window(360, 740, has_touch=True, is_mobile=True))
    phone.open("/" if address.startswith("http") else address)
    hands.look(phone)
    phone.page.tap("#user_name")
    type_in_two_fields(phone, user_name, code)
    hands.press(phone, "form.card button")
    phone.page.tap("#password")
    type_in_two_fields(phone, PASSWORD, PASSWORD)
    hands.press(phone, "form.card button")
    hands.press(phone, "a.go")
    assert "/lessons/" in phone.place
    assert 4 <= hands.presses <= 6, hands.presses
