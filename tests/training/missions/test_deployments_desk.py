"""Deployments at the desk: planned with care, changed with a reason, and shown to their own."""

import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.races import at_once
from tests.training.missions.conftest import carried
from training.accounts.models import Category, Organisation, Person
from training.audit import AuditEvent
from training.missions import posted
from training.missions.models import Deployment, DeploymentChange, Mission, MissionStatus
from training.permissions import Grant, Role, Viewer
from training.rosters.services import REASON

DAY = timedelta(days=1)
FIRST, LAST = TODAY + 10 * DAY, TODAY + 100 * DAY


@pytest.fixture
def person(make: Factory, home: Organisation) -> Person:
    """Return somebody who can be sent."""
    unit = make.unit(home, name="A Company")
    return make.person(
        organisation=home, personnel_number="VA-1", unit_id=unit.id, category=Category.POLICE
    )


def sent(**values: Any) -> dict[str, Any]:
    """Return what the form of a new deployment sends."""
    days = {"starts_on": FIRST.isoformat(), "ends_on": LAST.isoformat()}
    chosen = {"who": "VA-1", "category": "", "unit_id": "0", "rotation_id": "0"}
    return chosen | days | {"token": secrets.token_urlsafe(24)} | values


def form_of(desk: Browser, deployment: Deployment, **values: Any) -> dict[str, Any]:
    """Return what the form of a change sends when only these values are changed."""
    page = desk.get(f"/missions/deployments/{deployment.id}/change").text
    who = re.search(r'name="who" type="text" value="([^"]*)"', page)
    assert who
    return {
        "seen": carried(page),
        "who": who[1],
        "category": deployment.category.value,
        "unit_id": str(deployment.unit_id or 0),
        "rotation_id": str(deployment.rotation_id or 0),
        "functions": deployment.functions,
        "post": deployment.post,
        "starts_on": deployment.starts_on.isoformat(),
        "ends_on": deployment.ends_on.isoformat(),
        "reason": "The flight was moved",
    } | values


def rows(make: Factory) -> list[Deployment]:
    """Return the deployments as the database has them."""
    return make.rows(select(Deployment).order_by(Deployment.id))


@pytest.mark.parametrize("known_as", ["VA-1", "user"])
def test_a_person_is_sent_by_number_or_user_name(
    desk: Browser, make: Factory, person: Person, mission: Mission, known_as: str
) -> None:
    who = person.user_name.upper() if known_as == "user" else known_as
    desk.post(f"/missions/deployments/new?mission={mission.id}", sent(who=who, functions=["gfp"]))
    made = rows(make)[0]
    assert (made.person_id, made.mission_id) == (person.id, mission.id)
    assert (made.category, made.unit_id) == (Category.POLICE, person.unit_id)
    assert (made.functions, made.starts_on, made.ends_on) == (["gfp"], FIRST, LAST)


@pytest.mark.parametrize("who", ["VA-1", ""])
def test_the_same_form_sent_twice_makes_a_deployment_once(
    desk: Browser, make: Factory, person: Person, mission: Mission, who: str
) -> None:
    path = f"/missions/deployments/new?mission={mission.id}"
    token = re.search(r'name="token" type="hidden" value="([^"]*)"', desk.get(path).text)
    assert token
    form = sent(who=who, category="military", token=token[1])
    first, second = (desk.post(path, form).location for _time in range(2))
    assert first == second
    assert len(rows(make)) == 1
    desk.post(path, sent(who=who, category="military"))
    assert len(rows(make)) == 2, "another form makes another one, which is warned about"


def test_the_same_form_sent_eight_times_at_once_makes_a_deployment_once(
    engine: Engine, make: Factory, home: Organisation, planner: Person, mission: Mission
) -> None:
    viewer = Viewer(planner.id, home.id, (Grant(Role.TRAINER, home.id),))
    values = {"category": Category.POLICE, "starts_on": FIRST, "ends_on": LAST}

    def act(session: Session, _number: int) -> int:
        return posted.make(session, viewer, mission.id, None, values, "t" * 32, at=NOW).id

    assert len(set(at_once(engine, act))) == 1
    assert len(rows(make)) == 1


def test_a_vacant_post_needs_a_category_and_is_filled_later_with_a_reason(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    path = f"/missions/deployments/new?mission={mission.id}"
    assert 'id="category-error"' in desk.post(path, sent(who=""), expect=422).text
    desk.post(path, sent(who="", category="military", post="Driver"))
    vacant = rows(make)[0]
    assert "Vacant post" in desk.get(f"/missions/{mission.id}").text
    change = f"/missions/deployments/{vacant.id}/change"
    filled = form_of(desk, vacant, who="VA-1")
    assert 'id="reason-error"' in desk.post(change, filled | {"reason": ""}, expect=422).text
    desk.post(change, filled)
    assert rows(make)[0].person_id == person.id
    text = desk.get(f"/missions/deployments/{vacant.id}").text
    assert f"Who: Vacant post → {person.printed_name}" in text
    assert "The flight was moved" in text


def test_every_change_is_kept_with_author_reason_and_both_values(
    desk: Browser, make: Factory, person: Person, planner: Person, mission: Mission
) -> None:
    going = make.deployment(person, mission)
    later = going.starts_on + 7 * DAY
    desk.post(
        f"/missions/deployments/{going.id}/change",
        form_of(desk, going, starts_on=later.isoformat()),
    )
    kept = make.rows(select(DeploymentChange))[0]
    assert (kept.changed_by_id, kept.reason) == (planner.id, "The flight was moved")
    assert kept.before == {"starts_on": going.starts_on.isoformat()}
    assert kept.after == {"starts_on": later.isoformat()}
    assert planner.printed_name in desk.get(f"/missions/deployments/{going.id}").text


@pytest.mark.parametrize(
    ("values", "beside"),
    [
        ({"ends_on": (FIRST - DAY).isoformat()}, "ends_on"),
        ({"who": "nobody"}, "who"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"unit_id": "999"}, "unit_id"),
        ({"rotation_id": "999"}, "rotation_id"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_is_kept(
    desk: Browser,
    make: Factory,
    person: Person,
    mission: Mission,
    values: dict[str, Any],
    beside: str,
) -> None:
    path = f"/missions/deployments/new?mission={mission.id}"
    page = desk.post(path, sent(post="Driver", **values), expect=422).text
    assert f'id="{beside}-error"' in page
    assert 'value="Driver"' in page
    assert rows(make) == []


def test_overlap_and_a_start_in_the_past_are_allowed_and_warned_about(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    make.deployment(person, make.mission())
    path = f"/missions/deployments/new?mission={mission.id}"
    answer = desk.post(path, sent(starts_on=(TODAY - DAY).isoformat()))
    page = desk.get(answer.location).text
    assert "has another deployment on some of these days" in page
    assert "The first day lies in the past." in page
    assert len(rows(make)) == 2


def test_a_deployment_that_was_cancelled_is_no_overlap(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    make.deployment(person, make.mission(), cancelled_at=NOW)
    answer = desk.post(f"/missions/deployments/new?mission={mission.id}", sent())
    assert "has another deployment" not in desk.get(answer.location).text


def test_nobody_who_was_shut_out_is_sent(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    person.is_active = False
    make.session.commit()
    page = desk.post(f"/missions/deployments/new?mission={mission.id}", sent(), expect=422).text
    assert 'id="who-error"' in page
    assert rows(make) == []


def test_nobody_plans_their_own_deployment(
    desk: Browser, make: Factory, planner: Person, mission: Mission
) -> None:
    path = f"/missions/deployments/new?mission={mission.id}"
    desk.post(path, sent(who=planner.user_name), expect=403)
    assert rows(make) == []
    own = make.deployment(planner, mission)
    page = desk.get(f"/missions/deployments/{own.id}").text
    assert "/cancel" not in page
    desk.post(f"/missions/deployments/{own.id}/cancel", {"reason": "No"}, expect=403)
    vacant = make.deployment(planner, mission, person_id=None)
    form = form_of(desk, vacant, who=planner.user_name)
    desk.post(f"/missions/deployments/{vacant.id}/change", form, expect=403)


def test_a_cancelled_deployment_keeps_its_reason_and_is_repeated_not_changed(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    going = make.deployment(person, mission, post="Driver", functions=["leadership"])
    path = f"/missions/deployments/{going.id}"
    desk.post(f"{path}/cancel", {"reason": ""}, expect=422)
    form = form_of(desk, going, post="Cook")
    desk.post(f"{path}/cancel", {"reason": "Broken leg"})
    assert "Broken leg" in desk.get(path).text
    assert rows(make)[0].cancelled_at is not None
    desk.post(f"{path}/change", form, expect=403)
    other = make.mission(name="Second")
    page = desk.get(f"/missions/deployments/new?mission={other.id}&like={going.id}").text
    assert 'value="Driver"' in page
    assert 'value="VA-1"' in page
    assert 'checked id="functions-0"' in page
    assert f'value="{going.starts_on}"' not in page


def test_nobody_is_sent_on_a_closed_mission(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    mission.status = MissionStatus.CLOSED
    make.session.commit()
    page = desk.post(f"/missions/deployments/new?mission={mission.id}", sent(), expect=422).text
    assert "This mission is closed" in page
    assert rows(make) == []


def test_nobody_stays_longer_on_a_closed_mission_nor_takes_a_post_there(
    desk: Browser, make: Factory, person: Person, mission: Mission
) -> None:
    past = make.deployment(person, mission, starts_on=TODAY - 9 * DAY, ends_on=TODAY - 2 * DAY)
    vacant = make.deployment(person, mission, person_id=None)
    mission.status = MissionStatus.CLOSED
    make.session.commit()
    earlier, later = ({"ends_on": str(TODAY + days * DAY)} for days in (-3, 3))
    desk.post(f"/missions/deployments/{past.id}/change", form_of(desk, past, **earlier))
    for row, values in ((past, later), (vacant, {"who": "VA-1"})):
        path = f"/missions/deployments/{row.id}/change"
        page = desk.post(path, form_of(desk, row, **values), expect=422).text
        assert "This mission is closed" in page
    assert rows(make)[0].ends_on == TODAY - 3 * DAY
    assert rows(make)[1].person_id is None


def test_the_second_of_two_who_move_a_departure_sees_both_days(
    browser: Browsers,
    desk: Browser,
    make: Factory,
    home: Organisation,
    person: Person,
    mission: Mission,
) -> None:
    other = browser(make.person(Role.TRAINER, organisation=home))
    going = make.deployment(person, mission)
    path = f"/missions/deployments/{going.id}/change"
    mine = form_of(desk, going, starts_on="2027-01-15", post="Driver")
    other.post(path, form_of(other, going, starts_on="2027-01-20", functions=["gfp"]))
    page = desk.post(path, mine, expect=409).text
    assert "15 January 2027" in page
    assert "20 January 2027" in page
    assert 'value="Driver"' in page
    assert 'checked id="functions-4"' in page, "what only the other changed is kept"
    assert rows(make)[0].starts_on.isoformat() == "2027-01-20"


def test_the_list_and_its_file_show_ones_own_people_and_what_the_filter_asks_for(
    desk: Browser, make: Factory, home: Organisation, person: Person, mission: Mission
) -> None:
    spring = make.rotation(mission)
    names = {}
    for key, first, last in (("now", -1, 1), ("upcoming", 1, 2), ("past", -9, -1)):
        going = make.person(organisation=home, printed_name=f"Person of {key}")
        make.deployment(going, mission, starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY)
        names[key] = going.printed_name
    make.deployment(make.person(printed_name="A Stranger"), mission)
    make.deployment(person, mission, unit_id=person.unit_id, rotation_id=spring.id)
    cases = {
        "": {names["now"], names["upcoming"], person.printed_name},
        "?when=now": {names["now"]},
        "?when=upcoming": {names["upcoming"], person.printed_name},
        "?when=past": {names["past"]},
        "?when=cancelled": set(),
        f"?rotation={spring.id}": {person.printed_name},
        f"?unit={person.unit_id}": {person.printed_name},
        "?when=nonsense": {names["now"], names["upcoming"], person.printed_name},
    }
    for query, expected in cases.items():
        page = desk.get(f"/missions/{mission.id}{query}").text
        found = set(re.findall(r'<a class="line" href="/missions/deployments/\d+">([^<]+)<', page))
        assert found == expected, query
        with desk.get(f"/missions/{mission.id}/deployments.csv{query}") as file:
            lines = file.data.decode("utf-8-sig").splitlines()[1:]
        assert {line.split(",")[0] for line in lines} == expected, query
    with desk.get(f"/missions/{mission.id}/deployments.xlsx") as answer:
        assert answer.headers["Content-Disposition"].endswith("deployments.xlsx")
        assert answer.data[:2] == b"PK"
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "deployment.exported"))
    assert events[0].detail["rows"] == 3


@pytest.mark.parametrize("number", [1, 300])
def test_a_mission_takes_few_statements_however_many_go_on_it(
    desk: Browser,
    make: Factory,
    home: Organisation,
    mission: Mission,
    statements: list[str],
    number: int,
) -> None:
    for person in make.crowd(home.id, number):
        make.session.add(
            Deployment(
                organisation_id=home.id,
                person_id=person.id,
                mission_id=mission.id,
                category=person.category,
                starts_on=FIRST,
                ends_on=LAST,
            )
        )
    make.session.commit()
    desk.get(f"/missions/{mission.id}")
    statements.clear()
    page = desk.get(f"/missions/{mission.id}").text
    assert len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]) <= 7
    assert page.count('href="/missions/deployments/') == min(number, 50) + 1


def test_what_others_plan_cannot_be_found(
    browser: Browsers, make: Factory, person: Person, mission: Mission
) -> None:
    going = make.deployment(person, mission)
    stranger = browser(make.person(Role.TRAINER))
    for path in ("", "/change"):
        stranger.get(f"/missions/deployments/{going.id}{path}", expect=404)
    stranger.post(f"/missions/deployments/{going.id}/cancel", {"reason": "No"}, expect=404)
    stranger.get(f"/missions/deployments/new?mission={mission.id}&like={going.id}", expect=404)
    page = f"/missions/deployments/new?mission={mission.id}"
    assert "Nobody you plan for" in stranger.post(page, sent(), expect=422).text
    assert person.printed_name not in stranger.get(f"/missions/{mission.id}").text


def test_the_page_of_a_person_shows_their_deployments_to_those_who_plan(
    browser: Browsers, make: Factory, home: Organisation, person: Person, mission: Mission
) -> None:
    going = make.deployment(person, mission)
    cancelled = make.deployment(person, make.mission(name="Second"))
    cancelled.cancelled_at = NOW
    make.session.commit()
    administrator = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    page = administrator.get(f"/people/{person.id}").text
    assert f'href="/missions/deployments/{going.id}"' in page
    assert "24 December 2026 until 22 June 2027" in page
    assert ", cancelled" in page


def test_what_an_import_gave_as_reason_is_read_in_the_language_of_the_page(
    browser: Browsers, make: Factory, home: Organisation, person: Person, mission: Mission
) -> None:
    planner = make.person(Role.TRAINER, organisation=home, language="nl")
    deployment = make.deployment(person, mission)
    for reason in (REASON, "Het schip vaart later.", ""):
        change = {"changed_at": NOW, "before": {"post": ""}, "after": {"post": reason}}
        make.session.add(DeploymentChange(deployment_id=deployment.id, reason=reason, **change))
    make.session.commit()
    page = browser(planner).get(f"/missions/deployments/{deployment.id}").text
    reasons = re.findall(r'data-label="Reden">([^<]*)</td>', page)
    assert reasons == ["\N{EN DASH}", "Het schip vaart later.", "Import van rooster"]
