"""What a roster should not hold, and what nobody should send to its pages."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Browsers
from tests.factories import TODAY, Factory
from tests.pages import Browser
from tests.training.rosters.lists import HEAD, JAN, deployed, plan, send, take
from training.accounts.models import Organisation, Person, Unit
from training.imports.models import SetAside
from training.missions.models import Deployment, Mission, MissionStatus, Rotation
from training.permissions import Role

PROBLEMS = {
    "Jan Jansen;A1;;;2027-09-05;2027-03-01\n": "The last day is before the first.",
    "Jan Jansen;A1;;;;2027-09-05\n": "There is no first day in this row.",
    "Jan Jansen;A1;;;2027-03-01;\n": "There is no last day in this row.",
    "Jan Jansen;A1;;;31-02-2027;2027-09-05\n": "This is not a day that can be read.",
    "Jan Jansen;A1;;;1927-03-01;2027-09-05\n": "The year of this day",
    "Jan Jansen;A1;Nowhere;;2027-03-01;2027-09-05\n": "There is no such unit.",
    "vacant;;Nowhere;Tolk;2027-03-01;2027-09-05\n": "There is no such unit.",
    "Jan Jansen;L1;;;2027-03-01;2027-09-05\n": "This person has left.",
    "Tess Trainer;T1;;;2027-03-01;2027-09-05\n": "This is you.",
    "Piet Smit;B1;;;2027-03-01;2027-09-05\n": "belongs to somebody with another name",
}


@pytest.mark.parametrize("row", PROBLEMS)
def test_a_row_with_a_problem_says_so_and_can_be_set_aside(
    row: str, make: Factory, home: Organisation, browser: Browsers, mission: Mission
) -> None:
    trainer = make.person(
        Role.TRAINER, organisation=home, printed_name="Tess Trainer", personnel_number="T1"
    )
    make.person(
        organisation=home, personnel_number="L1", printed_name="Jan Jansen", is_active=False
    )
    make.person(organisation=home, personnel_number="B1", printed_name="Kees Berg")
    page = browser(trainer)
    where = plan(page, HEAD + row + JAN.replace("A1", "A9").replace("Jan J", "Wim J"), mission)
    assert PROBLEMS[row] in page.get(where).text
    page.post(f"{where}/apply")
    assert deployed(make) == {}
    page.post(f"{where}/rows", {"choice": "2:aside"})
    page.post(f"{where}/apply")
    assert set(deployed(make)) == {"A9"}
    assert PROBLEMS[row] in page.get("/rosters/aside").text
    (kept,) = make.rows(select(SetAside))
    page.post(f"/rosters/aside/{kept.id}", {"end": "dismissed"})
    assert not make.rows(select(SetAside))


def test_an_unknown_unit_is_made_when_that_is_chosen(
    page: Browser, make: Factory, mission: Mission
) -> None:
    text = HEAD + "A-compagnie;;;;;\n" + JAN
    where = plan(page, text, mission)
    assert "There is no such unit." in page.get(where).text
    take(page, text, mission, make_units="y")
    (unit,) = make.rows(select(Unit).where(Unit.name == "A-compagnie"))
    assert deployed(make)["A1"].unit_id == unit.id


def test_two_rows_of_one_person_on_the_same_days_are_allowed_and_warned_of(
    page: Browser, make: Factory, mission: Mission
) -> None:
    text = HEAD + JAN + JAN.replace("2027-03-01", "2027-06-01").replace("Chauffeur", "Tolk")
    where = plan(page, text, mission)
    assert page.get(where).text.count("on another deployment as well") == 2
    page.post(f"{where}/apply")
    rows = make.rows(select(Deployment))
    assert len(rows) == 2
    assert len({row.person_id for row in rows}) == 1
    assert "Close this import" in page.get(plan(page, text, mission)).text


def test_another_deployment_on_the_same_days_is_warned_of(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    jan = make.person(organisation=home, personnel_number="A1", printed_name="Jan Jansen")
    make.deployment(jan, make.mission(), starts_on=date(2027, 9, 5), ends_on=date(2027, 10, 1))
    assert "on another deployment as well" in page.get(plan(page, HEAD + JAN, mission)).text


def test_a_first_day_in_the_past_and_one_that_reads_in_two_ways_are_told(
    page: Browser, mission: Mission
) -> None:
    yesterday = TODAY - timedelta(days=400)
    rows = f"Jan Jansen;A1;;;{yesterday};2027-01-01\nPiet Smit;A2;;;03/04/2027;5-9-2027\n"
    text = page.get(plan(page, HEAD + rows, mission)).text
    assert "The first day is in the past." in text
    assert "read with the day first" in text
    assert "3 April 2027" in text


def test_two_new_people_of_one_name_and_no_number_are_not_made_one(
    page: Browser, make: Factory, mission: Mission
) -> None:
    row = "Jan Jansen;;;;2027-03-01;2027-09-05\n"
    where = plan(page, HEAD + row + row, mission)
    assert "neither has a number" in page.get(where).text
    page.post(f"{where}/rows", {"choice": "3:aside"})
    page.post(f"{where}/apply")
    assert len(make.rows(select(Deployment))) == 1


def test_a_mission_that_was_closed_meanwhile_takes_nobody(
    page: Browser, make: Factory, mission: Mission
) -> None:
    where = plan(page, HEAD + JAN, mission)
    make.session.get_one(Mission, mission.id).status = MissionStatus.CLOSED
    make.session.commit()
    assert "This mission is closed." in page.get(where).text
    page.post(f"{where}/apply")
    assert deployed(make) == {}
    send(page, (HEAD + JAN).encode(), mission, 422)


def test_a_mission_must_be_chosen_and_a_strange_one_is_refused(
    page: Browser, mission: Mission
) -> None:
    data = (HEAD + JAN).encode()
    assert "Choose a mission first." in send(page, data, mission, 422, where="").text
    for place in ("x", "0", "1r999", "99999999999999999999", "-1", "1r", "\0"):
        send(page, data, mission, 422, where=place)
    for chosen in ("", "x" * 200):
        assert send(page, data, mission, 422 if chosen else 303, new_rotation=chosen)


def test_the_columns_of_both_days_are_asked_for(page: Browser, mission: Mission) -> None:
    columns = str(send(page, b"Naam;Nr\nJan Jansen;A1\n", mission).location)
    fields = {
        "sheet": "0",
        "category": "military",
        "language": "en",
        "column0": "name",
        "column1": "",
    }
    assert "holds the first day" in page.post(columns, fields, 422).text
    assert "holds the last day" in page.post(columns, fields | {"column1": "starts_on"}, 422).text


def test_rosters_of_another_organisation_do_not_exist_and_lists_of_people_are_no_rosters(
    page: Browser, make: Factory, browser: Browsers, mission: Mission, home: Organisation
) -> None:
    where = plan(page, HEAD + JAN, mission)
    stranger = browser(make.person(Role.TRAINER))
    administrator = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    for path in (where, f"{where}/columns"):
        stranger.get(path, expect=404)
        administrator.get(path.replace("rosters", "imports"), expect=404)
    choice = {"choice": "2:aside"}
    for path in ("/columns", "/rows", "/apply", "/discard"):
        stranger.post(where + path, choice, expect=404)
        administrator.post(where.replace("rosters", "imports") + path, choice, expect=404)
    assert where not in stranger.get("/rosters/").text
    assert where.replace("rosters", "imports") not in administrator.get("/imports/").text
    hr = browser(make.person(Role.HR, organisation=home))
    for path in ("/rosters/", "/rosters/aside", where):
        hr.get(path, expect=403)


def test_three_hundred_rows_with_three_bad_ones_are_taken_over_but_for_those(
    page: Browser, make: Factory, rotation: Rotation, worker: object
) -> None:
    bad = {100: "geen datum", 200: "31-31-2027", 300: ""}
    rows = "".join(
        f"Robin Rij {'x' * (n % 40 + 1)};R{n};;;2027-03-01;{bad.get(n, '2027-09-05')}\n"
        for n in range(1, 301)
    )
    where = plan(page, HEAD + rows, rotation)
    assert "3 rows have a problem" in page.get(where).text
    page.post(f"{where}/rows", {"choice": "problems:aside"})
    page.post(f"{where}/apply")
    assert "is being imported" in page.get(where).text
    assert callable(worker)
    worker()
    assert "has been imported" in page.get(where).text
    assert len(make.rows(select(Deployment))) == 297
    assert len(make.rows(select(SetAside))) == 3
    assert len(make.rows(select(Person).where(Person.is_active.is_(False)))) == 0
    assert "Close this import" not in page.get(plan(page, HEAD + rows, rotation)).text


@pytest.mark.parametrize("count", [1, 60])
def test_the_pages_take_seven_statements_at_any_number_of_rows(
    count: int, page: Browser, statements: list[str], rotation: Rotation
) -> None:
    rows = "".join(
        f"Robin {'x' * (n % 50 + 1)} Rij;N{n};;Tolk;2027-03-01;2027-09-05\n" for n in range(count)
    )
    page.post(plan(page, HEAD + rows, rotation) + "/apply")
    page.post(plan(page, HEAD + JAN.replace("A1", ";"), rotation) + "/rows", {"choice": "2:aside"})
    again = plan(page, HEAD + rows.replace("Tolk", "Arts"), rotation)
    for path in ("/rosters/", "/rosters/aside", again, f"{again}/columns"):
        page.get(path)
        statements.clear()
        page.get(path)
        assert len([s for s in statements if "BEGIN" not in s]) <= 7, (path, statements)
