"""An import from the file to the people, as an administrator does it."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.training.imports.lists import CSV, map_columns, plan, send, workbook
from training import clock, jobs
from training.accounts.models import Category, Organisation, Person, Unit
from training.audit import AuditEvent
from training.imports import stored
from training.imports.models import ImportedPerson, SetAside, Upload, UploadContent
from training.permissions import Role

LIST = CSV + "Jansen, Jan;A1;sgt;1 Coy\nPiet de Vries;A2;kpl;1 Coy\n"


def people(make: Factory, home: Organisation) -> dict[str, Person]:
    """Return the people of an organisation by number."""
    found = make.rows(select(Person).where(Person.organisation_id == home.id))
    return {person.personnel_number or "": person for person in found}


def test_a_list_is_read_looked_at_and_imported_in_three_steps(
    page: Browser, make: Factory, home: Organisation, admin: Person
) -> None:
    where = plan(page, LIST.encode(), make_units="y", category="police", language="nl")
    text = page.get(where).text
    assert "Import 2 people" in text
    assert "jan.jansen" in text
    assert list(people(make, home)) == [admin.personnel_number]
    page.post(f"{where}/apply")
    found = people(make, home)
    jan, units = found["A1"], make.rows(select(Unit))
    assert (jan.printed_name, jan.user_name, jan.rank) == ("Jan Jansen", "jan.jansen", "sgt")
    assert (jan.category, jan.language, jan.is_active) == (Category.POLICE, "nl", True)
    assert (jan.sort_name, jan.password_hash) == ("jansen jan", None)
    assert [unit.name for unit in units] == ["1 Coy"]
    assert {found["A1"].unit_id, found["A2"].unit_id} == {units[0].id}
    assert "2" in page.get(where).text
    assert "Jan Jansen" in page.post("/people/", {"q": "a1"}, expect=200).text


def test_the_untidy_list_of_an_office_is_understood(
    page: Browser, make: Factory, home: Organisation
) -> None:
    head = ["Rang", "", "Naam", "Geboortedatum", "BSN", "Registratienr.", "Schoenmaat"]
    rows: list[list[Any]] = [
        ["Rotatie 12"],
        [],
        head,
        ["sgt", "", "Jansen, J.M. (Jan)", "1990-01-02", "111222333", 123.0, 43],
        [],
        ["kpl", "", "Vries, P. de", "1991-02-03", "123456782", "00124", 44],
        ["", "", "Totaal", "", "", 2],
    ]
    data = workbook({"Toelichting": [["Lees dit"], ["eerst"]], "Lijst": rows})
    where = str(send(page, data).location)
    text = page.get(where).text
    assert "looks like citizen service numbers" in text
    assert "looks like dates of birth" in text
    assert "Lees dit" not in text
    assert "111222333" not in text
    plan_at = str(map_columns(page, where).location)
    text = page.get(plan_at).text
    assert "This looks like a total" in text
    page.post(f"{plan_at}/rows", {"choice": "problems:aside"})
    assert "please look at it" in page.get(plan_at).text
    page.post(f"{plan_at}/apply")
    found = people(make, home)
    assert found["123"].printed_name == "J.M. Jansen"
    assert found["00124"].printed_name == "P. de Vries"
    kept = make.rows(select(SetAside))
    assert [row.cells for row in kept] == [{"name": "Totaal", "personnel_number": "2"}]
    assert not make.rows(select(UploadContent))
    assert not make.rows(select(ImportedPerson))


def test_what_must_not_be_kept_is_in_no_table_while_the_import_waits(
    page: Browser, session: Session
) -> None:
    data = b"Naam;BSN;Geb.datum\nA B;111222333;1990-01-02\nC D;123456782;1991-02-03\n"
    send(page, data)
    sheets = stored.unpack(session.scalars(select(UploadContent.data)).one())
    assert "111222333" not in str(sheets)
    assert "1990-01-02" not in str(sheets)


def test_the_same_list_twice_changes_nothing(
    page: Browser, make: Factory, home: Organisation
) -> None:
    page.post(plan(page, LIST.encode(), make_units="y") + "/apply")
    before = [p.id for p in people(make, home).values()]
    where = plan(page, LIST.encode(), make_units="y")
    assert "Close this import" in page.get(where).text
    page.post(f"{where}/apply")
    page.post(f"{where}/apply")
    assert [p.id for p in people(make, home).values()] == before
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "people.imported"))
    assert [len(e.detail["created"]) for e in events] == [2, 0]


def test_the_same_form_sent_twice_is_one_import(page: Browser, make: Factory) -> None:
    token = secrets.token_urlsafe(16)
    first, second = (send(page, LIST.encode(), token=token).location for _ in range(2))
    assert first == second
    assert len(make.rows(select(Upload))) == 1


def test_a_person_is_changed_only_in_what_the_list_says(
    page: Browser, make: Factory, home: Organisation
) -> None:
    known = make.person(
        organisation=home, personnel_number="A1", printed_name="Jan Jansen", email="j@x.example"
    )
    where = plan(page, b"Naam;Nr;Rang\nJan Jansen;A1;adj\n", column1="personnel_number")
    text = page.get(where + "?show=changed").text
    assert "adj" in text
    page.post(f"{where}/apply")
    (after,) = make.rows(select(Person).where(Person.id == known.id))
    assert (after.rank, after.email, after.user_name) == ("adj", "j@x.example", known.user_name)
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "people.imported"))
    assert event.detail["changed"] == {str(known.id): ["rank"]}


def test_a_name_its_holder_confirmed_is_not_changed_by_a_list(
    page: Browser, make: Factory, home: Organisation
) -> None:
    make.person(
        organisation=home,
        personnel_number="A1",
        printed_name="Jan Jansen",
        confirmed_name="Jan Jansen",
    )
    page.post(plan(page, f"{CSV}J. Jansen;A1;;\n".encode()) + "/apply")
    assert people(make, home)["A1"].printed_name == "Jan Jansen"


def test_somebody_of_the_same_name_is_asked_about_and_never_merged_unasked(
    page: Browser, make: Factory, home: Organisation
) -> None:
    known = make.person(organisation=home, personnel_number=None, printed_name="Zoë Smit")
    where = plan(page, f"{CSV}Zoe Smit;A1;sgt;\n".encode())
    assert "Is it the same?" in page.get(where).text
    page.post(f"{where}/apply")
    assert "A1" not in people(make, home)
    page.post(f"{where}/rows", {"choice": "2:same"})
    page.post(f"{where}/apply")
    assert people(make, home)["A1"].id == known.id


def test_somebody_else_of_the_same_name_becomes_a_new_person(
    page: Browser, make: Factory, home: Organisation
) -> None:
    known = make.person(organisation=home, personnel_number=None, printed_name="Zoë Smit")
    where = plan(page, f"{CSV}Zoë Smit;A1;sgt;\n".encode())
    page.post(f"{where}/rows", {"choice": "2:other"})
    page.post(f"{where}/apply")
    assert people(make, home)["A1"].id != known.id


PROBLEMS = [
    ("Jan Jansen;A1;;\nPiet Smit;A1;;\n", "Another row of this file has the same."),
    ("Jan Jansen;A1;;Nowhere\n", "There is no such unit."),
    ("Jan Jansen;L1;;\n", "This person has left."),
    ("Ada Beheer;ADA1;gen;\n", "This is your own record."),
    ("Piet Smit;B1;;\n", "belongs to somebody with another name"),
]


def test_two_rows_that_mean_the_same_person_are_not_both_imported(
    page: Browser, make: Factory, home: Organisation
) -> None:
    make.person(organisation=home, printed_name="Jan Jansen", personnel_number="A1")
    where = plan(page, (CSV + "Jan Jansen;;maj;\nJan Jansen;A1;sgt;\n").encode())
    page.post(f"{where}/rows", {"choice": "2:same"})
    assert "Another row above means the same person." in page.get(where).text
    page.post(f"{where}/rows", {"choice": "3:aside"})
    page.post(f"{where}/apply")
    assert people(make, home)["A1"].rank == "maj"


@pytest.mark.parametrize(("rows", "said"), PROBLEMS)
def test_a_row_with_a_problem_stops_the_rest_until_it_is_set_aside(
    rows: str, said: str, make: Factory, home: Organisation, browser: Browsers
) -> None:
    admin = make.person(
        Role.ADMINISTRATOR,
        organisation=home,
        printed_name="Ada Beheer",
        personnel_number="ADA1",
    )
    make.person(
        organisation=home, personnel_number="L1", printed_name="Jan Jansen", is_active=False
    )
    make.person(organisation=home, personnel_number="B1", printed_name="Kees Berg")
    page, before = browser(admin), len(people(make, home))
    where = plan(page, (CSV + rows + "Wie Nieuw;N1;;\n").encode())
    assert said in page.get(where).text
    page.post(f"{where}/apply")
    assert len(people(make, home)) == before
    row = CSV.count("\n") + rows.count("\n")
    page.post(f"{where}/rows", {"choice": f"{row}:aside"})
    page.post(f"{where}/apply")
    assert "N1" in people(make, home)
    text = page.get("/imports/aside").text
    assert said in text
    (kept,) = make.rows(select(SetAside))
    page.post(f"/imports/aside/{kept.id}", {"end": "done"})
    assert not make.rows(select(SetAside))
    page.post(f"/imports/aside/{kept.id}", {"end": "done"}, expect=404)


def test_user_names_are_made_of_names_and_are_unique_on_the_platform(
    page: Browser, make: Factory, home: Organisation
) -> None:
    make.person(user_name="jan.jansen")
    page.post(plan(page, f"{CSV}Jan Jansen;A1;;\nJan Jansen;A2;;\n".encode()) + "/apply")
    found = people(make, home)
    assert [found[n].user_name for n in ("A1", "A2")] == ["jan.jansen2", "jan.jansen3"]


def test_more_than_a_thousand_rows_are_imported_in_batches_that_open_together(
    page: Browser, make: Factory, home: Organisation, app: Flask
) -> None:
    rows = "".join(f"Robin Rij {'x' * (n % 40 + 1)};R{n};;\n" for n in range(2_300))
    where = plan(page, (CSV + rows).encode())
    page.post(f"{where}/apply")
    assert "is being imported" in page.get(where).text
    with app.app_context():
        jobs.run_job("imports")
    total = select(func.count()).where(Person.organisation_id == home.id, Person.is_active)
    assert make.rows(total) == [2_301]
    assert "has been imported" in page.get(where).text
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "people.imported"))
    assert len(event.detail["created"]) == 2_300


def test_lists_of_more_than_a_day_ago_are_forgotten(
    page: Browser, make: Factory, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(page, LIST.encode())
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=400))
    with app.app_context():
        jobs.run_job("forget_lists")
    assert not make.rows(select(Upload))
    assert not make.rows(select(UploadContent))


OWN = [
    (3, "Ada Anders Beheer;ADA1;;\n", {"printed_name": "Ada Beheer"}),
    (3, "Ada Beheer;ADA1;gen;\n", {"rank": None}),
    (1_100, "Ada Anders Beheer;ADA1;gen;\n", {"printed_name": "Ada Beheer", "rank": None}),
]


@pytest.mark.parametrize(("rows", "own", "kept"), OWN)
def test_nobody_changes_their_own_name_or_rank_by_a_list_whoever_sent_it_in(
    rows: int,
    own: str,
    kept: dict[str, Any],
    make: Factory,
    home: Organisation,
    browser: Browsers,
    page: Browser,
    app: Flask,
) -> None:
    ada = make.person(
        Role.ADMINISTRATOR, organisation=home, printed_name="Ada Beheer", personnel_number="ADA1"
    )
    others = "".join(f"Robin Rij {'x' * (n % 40 + 1)};R{n};;\n" for n in range(rows))
    where = plan(page, (CSV + own + others).encode())
    assert "This is your own record." not in page.get(where).text
    mine = browser(ada)
    assert "This is your own record." in mine.get(where).text
    mine.post(f"{where}/apply")
    assert len(people(make, home)) == 2
    mine.post(f"{where}/rows", {"choice": "problems:aside"})
    mine.post(f"{where}/apply")
    with app.app_context():
        jobs.run_job("imports")
    found = people(make, home)
    assert len(found) == rows + 2
    assert {key: getattr(found["ADA1"], key) for key in kept} == kept
    (aside,) = make.rows(select(SetAside))
    assert aside.reason.startswith("This is your own record.")


def test_another_administrator_may_take_over_a_list_that_names_its_sender(
    page: Browser, admin: Person, make: Factory, home: Organisation, browser: Browsers
) -> None:
    where = plan(page, f"{CSV}Ada Beheer;{admin.personnel_number};gen;\n".encode())
    bob = make.person(Role.ADMINISTRATOR, organisation=home)
    browser(bob).post(f"{where}/apply")
    assert people(make, home)[admin.personnel_number or ""].rank == "gen"
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "people.imported"))
    assert event.actor_id == bob.id
