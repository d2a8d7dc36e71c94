"""A roster from the file to the deployments, as a trainer sends it in."""

from datetime import date, timedelta

from sqlalchemy import func, select

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.imports.lists import map_columns
from tests.training.rosters import tarsa
from tests.training.rosters.lists import (
    HEAD,
    JAN,
    PIET,
    changes,
    deployed,
    plan,
    send,
    take,
)
from training import clock
from training.accounts.models import Category, Organisation, Person, Unit
from training.audit import AuditEvent
from training.imports.models import KnownColumn, SetAside
from training.missions.models import Deployment, Function, Mission, Rotation
from training.permissions import Role

FIRST, LAST = date(2027, 3, 1), date(2027, 9, 5)


def test_a_roster_is_read_looked_at_and_taken_over_in_three_steps(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    known = make.person(organisation=home, personnel_number="A1", printed_name="Jan Jansen")
    where = plan(page, HEAD + JAN + PIET, mission)
    text = page.get(where).text
    assert "Import 2 rows" in text
    assert "UNSMIT" in text
    assert "start card" in text
    assert deployed(make) == {}
    page.post(f"{where}/apply")
    page.post(f"{where}/apply")
    found = deployed(make)
    assert found["A1"].person_id == known.id
    assert (found["A1"].starts_on, found["A1"].ends_on, found["A1"].post) == (
        FIRST,
        LAST,
        "Chauffeur",
    )
    assert found["A2"].functions == [Function.LEADERSHIP.value]
    assert found["A2"].person is not None
    assert found["A2"].person.is_active
    assert [row.reason for row in changes(make)] == ["Roster import"] * 2
    (event,) = make.rows(select(AuditEvent).where(AuditEvent.action == "roster.imported"))
    assert event.detail["people"] == [found["A2"].person_id]
    text = page.get(where).text
    assert "Start cards" in text
    assert f'href="/missions/{mission.id}">To the mission' in text


def test_the_untidy_rotation_of_sixty_is_understood(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    make.person(organisation=home, personnel_number="001001", printed_name="Zoë Çelik-Jansen")
    columns = str(send(page, tarsa.workbook(), mission, new_rotation="Rotation 4").location)
    assert "Lees dit" not in page.get(columns).text
    where = str(map_columns(page, columns, column6="functions", make_units="y").location)
    text = page.get(where).text
    assert f"{tarsa.PROBLEMS + 1} rows have a problem" in text  # The total is one as well.
    page.post(f"{where}/rows", {"choice": "problems:aside"})
    assert "Import 55 rows" in page.get(where).text
    page.post(f"{where}/apply")
    rows = make.rows(select(Deployment))
    assert len(rows) == 60 - tarsa.PROBLEMS
    assert {(row.starts_on, row.ends_on) for row in rows} == {(tarsa.FIRST, tarsa.LAST)}
    assert len([row for row in rows if row.person_id is None]) == tarsa.VACANT
    (rotation,) = make.rows(select(Rotation))
    assert (rotation.name, rotation.starts_on, rotation.ends_on) == ("Rotation 4", FIRST, LAST)
    assert {row.rotation_id for row in rows} == {rotation.id}
    units = {unit.name for unit in make.rows(select(Unit))}
    assert units == {"A-compagnie", "B-compagnie", "Staf detachement"}
    assert deployed(make)["001001"].functions == ["decision_maker", "leadership"]
    assert deployed(make)["Genderadviseur"].functions == [Function.GENDER_ADVISER.value]
    left = make.rows(select(SetAside))
    assert len(left) == tarsa.PROBLEMS + 1
    assert not any("Schoenmaat" in str(row.cells) or "40" in row.cells.values() for row in left)
    assert "na de zomer" in page.get("/rosters/aside").text


def test_the_same_roster_twice_changes_nothing(
    page: Browser, make: Factory, rotation: Rotation
) -> None:
    nobody = "Zonder Nummer;;;;2027-03-01;2027-09-05\nvacature;;;Tolk;2027-03-01;2027-09-05\n"
    take(page, HEAD + JAN + PIET + nobody, rotation)
    before = [(row.id, row.starts_on) for row in deployed(make).values()]
    people = make.rows(select(func.count()).select_from(Person))
    where = plan(page, HEAD + JAN + PIET + nobody, rotation)
    assert "Close this import" in page.get(where).text
    page.post(f"{where}/apply")
    assert [(row.id, row.starts_on) for row in deployed(make).values()] == before
    assert len(changes(make)) == 4
    assert make.rows(select(func.count()).select_from(Person)) == people


def test_a_corrected_roster_changes_just_that(
    page: Browser, make: Factory, rotation: Rotation
) -> None:
    take(page, HEAD + JAN + PIET, rotation)
    before = deployed(make)
    where = plan(page, HEAD + JAN + PIET.replace("1-3-2027", "15-3-2027"), rotation)
    text = page.get(where).text
    assert "Import 1 row" in text
    assert "1 March 2027 → 15 March 2027" in text.replace("\n", " ")
    page.post(f"{where}/apply")
    after = deployed(make)
    assert after["A2"].id == before["A2"].id
    assert after["A2"].starts_on == date(2027, 3, 15)
    *_, last = changes(make)
    assert len(changes(make)) == 3
    assert (last.before, last.after) == (
        {"starts_on": "2027-03-01"},
        {"starts_on": "2027-03-15"},
    )


def test_a_rotation_that_leaves_months_later_moves_its_deployments(
    page: Browser, make: Factory, rotation: Rotation
) -> None:
    take(page, HEAD + JAN, rotation)
    later = "Jan Jansen;A1;;Chauffeur;2027-10-01;2028-03-31\n"
    take(page, HEAD + later, rotation)
    (row,) = make.rows(select(Deployment))
    assert row.starts_on == date(2027, 10, 1)


def test_without_a_rotation_another_tour_is_another_deployment(
    page: Browser, make: Factory, mission: Mission
) -> None:
    take(page, HEAD + JAN, mission)
    take(page, HEAD + "Jan Jansen;A1;;Chauffeur;2027-10-01;2028-03-31\n", mission)
    assert len(make.rows(select(Deployment))) == 2


def test_whoever_is_absent_stays_unless_ticked(
    page: Browser, make: Factory, home: Organisation, rotation: Rotation
) -> None:
    take(page, HEAD + JAN + PIET, rotation)
    ids = {number: row.id for number, row in deployed(make).items()}
    where = plan(page, HEAD + JAN, rotation)
    text = page.get(where).text
    assert "1 deployment of this rotation is not in the file" in text
    assert "Piet de Vries" in text
    page.post(f"{where}/apply")
    assert set(deployed(make)) == {"A1", "A2"}
    where = plan(page, HEAD + JAN, rotation)
    page.post(f"{where}/apply", {"cancel": [str(ids["A2"]), str(ids["A1"]), "999999"]})
    assert set(deployed(make)) == {"A1"}
    *_, last = changes(make)
    assert (last.deployment_id, last.reason) == (
        ids["A2"],
        "Roster import: no longer on the roster",
    )


def test_whoever_is_back_already_is_not_asked_about(
    page: Browser, make: Factory, home: Organisation, mission: Mission, rotation: Rotation
) -> None:
    today = clock.now().date()
    back = {"starts_on": today - timedelta(days=200), "ends_on": today - timedelta(days=2)}
    make.deployment(make.person(organisation=home), mission, rotation_id=rotation.id, **back)
    assert "is not in the file" not in page.get(plan(page, HEAD + JAN, rotation)).text


def test_nobody_cancels_their_own_deployment_by_a_roster(
    page: Browser, make: Factory, trainer: Person, mission: Mission, rotation: Rotation
) -> None:
    own = make.deployment(trainer, mission, rotation_id=rotation.id)
    where = plan(page, HEAD + JAN, rotation)
    assert "is not in the file" not in page.get(where).text
    page.post(f"{where}/apply", {"cancel": str(own.id)})
    assert len(deployed(make)) == 2


def test_a_row_that_is_set_aside_does_not_make_its_person_absent(
    page: Browser, rotation: Rotation
) -> None:
    take(page, HEAD + JAN, rotation)
    where = plan(page, HEAD + "Jan Jansen;A1;;;onbekend;2027-09-05\n", rotation)
    page.post(f"{where}/rows", {"choice": "2:aside"})
    assert "is not in the file" not in page.get(where).text


def test_somebody_on_the_roster_fills_the_post_that_was_vacant(
    page: Browser, make: Factory, home: Organisation, rotation: Rotation
) -> None:
    take(page, HEAD + "vacant;;;Chauffeur;2027-03-01;2027-09-05\n", rotation)
    (post,) = make.rows(select(Deployment))
    assert post.person_id is None
    where = plan(page, HEAD + JAN, rotation)
    assert "This post was vacant." in page.get(where).text
    page.post(f"{where}/apply")
    (filled,) = make.rows(select(Deployment))
    (jan,) = make.rows(select(Person).where(Person.personnel_number == "A1"))
    assert (filled.id, filled.person_id) == (post.id, jan.id)


def test_somebody_of_the_same_name_is_asked_about_and_never_chosen_silently(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    known = make.person(organisation=home, personnel_number=None, printed_name="Jan Jansen")
    where = plan(page, HEAD + JAN, mission)
    assert "Is it the same?" in page.get(where).text
    page.post(f"{where}/apply")
    assert deployed(make) == {}
    page.post(f"{where}/rows", {"choice": "2:same"})
    page.post(f"{where}/apply")
    assert [row.person_id for row in deployed(make).values()] == [known.id]


def test_people_are_found_by_address_and_their_records_stay_as_they_are(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    unit = make.unit(home)
    known = make.person(
        organisation=home,
        personnel_number=None,
        printed_name="Jan Jansen",
        email="Jan@home.example",
        unit_id=unit.id,
        category=Category.POLICE,
        rank="sgt",
    )
    head = "Naam;E-mail;Rang;Vertrek;Terugkeer\n"
    take(page, head + "Jan Jansen;jan@home.example;maj;2027-03-01;2027-09-05\n", mission)
    (row,) = make.rows(select(Deployment))
    assert (row.person_id, row.unit_id, row.category) == (known.id, unit.id, Category.POLICE)
    (person,) = make.rows(select(Person).where(Person.id == known.id))
    assert person.rank == "sgt"


def test_a_number_of_another_organisation_means_nobody_here(
    page: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    stranger = make.person(personnel_number="A1", printed_name="Jan Jansen")
    take(page, HEAD + JAN, mission)
    (row,) = make.rows(select(Deployment))
    assert row.person_id != stranger.id
    assert row.organisation_id == home.id


def test_what_a_header_means_is_offered_with_the_next_list_of_this_organisation_alone(
    page: Browser, make: Factory, mission: Mission, browser: Browsers
) -> None:
    text = "Wie;Nr;Op;Af;Kleur\nJan Jansen;A1;2027-03-01;2027-09-05;rood\n"
    chosen = {"column0": "name", "column1": "personnel_number"}
    take(page, text, mission, **chosen, column2="starts_on", column3="ends_on")
    assert {(row.header, row.field) for row in make.rows(select(KnownColumn))} == {
        ("wie", "name"),
        ("nr", "personnel_number"),
        ("op", "starts_on"),
        ("af", "ends_on"),
    }
    take(page, text.replace("2027", "2028"), mission)
    assert len(make.rows(select(Deployment))) == 2
    # Another meaning takes the place of the one before; what is left out is forgotten.
    plan(page, text, mission, column2="ends_on", column3="starts_on", column1="")
    assert {(row.header, row.field) for row in make.rows(select(KnownColumn))} == {
        ("wie", "name"),
        ("op", "ends_on"),
        ("af", "starts_on"),
    }
    stranger = browser(make.person(Role.TRAINER))
    columns = str(send(stranger, text.encode(), mission).location)
    assert 'selected value="name"' not in stranger.get(columns).text
