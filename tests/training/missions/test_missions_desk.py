"""Missions: seen by all planners, changed by those of the lead, and never overwritten silently."""

import contextlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.races import at_once
from tests.training.missions.conftest import carried, seen, sent
from training.accounts.models import Category, Organisation, Person
from training.audit import AuditEvent
from training.errors import Invalid
from training.missions import deployments, planning
from training.missions.meanwhile import Both, collisions, touched
from training.missions.models import Deployment, Mission, MissionStatus
from training.permissions import Grant, Role, Viewer

DAY = timedelta(days=1)


def now(make: Factory) -> Mission:
    """Return the one mission as the database has it."""
    return make.rows(select(Mission))[0]


def test_what_both_changed_collides_and_what_one_changed_does_not() -> None:
    before = {"a": "1", "b": "1", "c": "1", "d": "1"}
    mine = {"a": "2", "b": "1", "c": "3", "d": "1"}
    theirs = {"a": "3", "b": "2", "c": "3", "d": "1"}
    assert touched(before, mine) == ["a", "c"]
    assert collisions(before, mine, theirs) == [Both("a", "3", "2")]


def test_a_mission_is_made_and_led_by_the_organisation_of_its_maker(
    desk: Browser, make: Factory, home: Organisation
) -> None:
    desk.post("/missions/new", sent(hand_over="Duty officer", action_plan="2026 to 2030"))
    made = now(make)
    assert (made.lead_id, made.status) == (home.id, MissionStatus.OPEN)
    assert (made.hand_over, made.action_plan) == ("Duty officer", "2026 to 2030")
    assert made.conduct_checked_on == TODAY
    event = make.rows(select(AuditEvent).where(AuditEvent.action == "mission.made"))[0]
    assert event.subject_id == made.id


@pytest.mark.parametrize("missing", ["conduct_inside", "conduct_outside"])
def test_a_mission_is_not_opened_without_a_way_to_report_on_either_side(
    desk: Browser, make: Factory, missing: str
) -> None:
    page = desk.post("/missions/new", sent(**{missing: ""}), expect=422).text
    assert f'id="{missing}-error"' in page
    assert "only when people know where to report" in page
    desk.post("/missions/new", sent(status="prepared", **{missing: ""}))
    assert now(make).status is MissionStatus.PREPARED


def test_nothing_was_checked_on_a_day_to_come(desk: Browser, make: Factory) -> None:
    tomorrow = (TODAY + DAY).isoformat()
    page = desk.post("/missions/new", sent(action_plan_checked_on=tomorrow), expect=422).text
    assert 'id="action_plan_checked_on-error"' in page
    assert make.rows(select(Mission)) == []


def test_two_missions_do_not_have_one_name(desk: Browser, mission: Mission) -> None:
    page = desk.post("/missions/new", sent(), expect=422).text
    assert "already a mission of this name" in page


def test_a_mission_on_which_somebody_is_or_will_be_is_not_closed(
    desk: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    going, past = make.person(organisation=home), make.person(organisation=home)
    last = make.deployment(going, mission, starts_on=TODAY - DAY, ends_on=TODAY)
    make.deployment(past, mission, starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)
    make.deployment(past, mission, person_id=None)
    path = f"/missions/{mission.id}/edit"
    page = desk.post(path, sent(status="closed", seen=seen(desk, path)), expect=422).text
    assert "One person is on this mission or goes on it. Cancel that deployment" in page
    last.ends_on = TODAY - DAY
    make.session.commit()
    desk.post(path, sent(status="closed", seen=seen(desk, path)))
    assert now(make).status is MissionStatus.CLOSED


def test_nobody_is_sent_on_a_mission_while_it_is_being_closed(
    engine: Engine, make: Factory, home: Organisation, planner: Person, mission: Mission
) -> None:
    viewer = Viewer(planner.id, home.id, (Grant(Role.TRAINER, home.id),))
    going = [make.person(organisation=home) for _ in range(4)]

    def act(session: Session, number: int) -> None:
        values = {"category": Category.POLICE, "starts_on": TODAY, "ends_on": TODAY}
        with contextlib.suppress(Invalid):
            if number % 2:
                closed = {"status": MissionStatus.CLOSED}
                planning.change(session, viewer, mission.id, closed, {}, today=TODAY, at=NOW)
            else:
                values |= {"person_id": going[number // 2].id}
                deployments.deploy(session, viewer, home.id, mission.id, values, at=NOW)

    at_once(engine, act)
    is_closed = now(make).status is MissionStatus.CLOSED
    assert is_closed is (make.rows(select(Deployment)) == [])


def test_planners_of_others_see_a_mission_and_do_not_change_it(
    browser: Browsers, make: Factory, mission: Mission
) -> None:
    stranger = browser(make.person(Role.TRAINER))
    assert "Silent Heron" in stranger.get("/missions/").text
    page = stranger.get(f"/missions/{mission.id}").text
    assert "Conduct focal point of the mission" in page
    assert "/edit" not in page
    stranger.get(f"/missions/{mission.id}/edit", expect=403)
    stranger.post(f"/missions/{mission.id}/edit", sent(host_country="Karsia"), expect=403)
    assert now(make).host_country == "Tarsa"


def test_the_second_of_two_who_change_the_same_sees_both_values(
    browser: Browsers, desk: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    other = browser(make.person(Role.TRAINER, organisation=home))
    path = f"/missions/{mission.id}/edit"
    mine, theirs = seen(desk, path), seen(other, path)
    other.post(path, sent(seen=theirs, host_country="Karsia", framework="eu"))
    page = desk.post(path, sent(seen=mine, host_country="Belmora"), expect=409).text
    assert "Somebody else changed this" in page
    assert "Karsia" in page
    assert "Belmora" in page
    assert now(make).host_country == "Karsia"
    assert '<option selected value="eu">' in page, "what only the other changed is kept"
    desk.post(path, sent(seen=carried(page), host_country="Belmora", framework="eu"))
    assert now(make).host_country == "Belmora"


def test_changes_of_two_to_different_things_both_hold(
    browser: Browsers, desk: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    other = browser(make.person(Role.TRAINER, organisation=home))
    path = f"/missions/{mission.id}/edit"
    mine, theirs = seen(desk, path), seen(other, path)
    other.post(path, sent(seen=theirs, host_country="Karsia"))
    desk.post(path, sent(seen=mine, referral="Hospital"))
    assert (now(make).host_country, now(make).referral) == ("Karsia", "Hospital")


def test_what_no_page_has_sent_is_refused(desk: Browser, mission: Mission) -> None:
    for nonsense in ("[", "[]", "7"):
        desk.post(f"/missions/{mission.id}/edit", sent(seen=nonsense), expect=422)


def test_the_list_counts_the_people_of_ones_own_organisation(
    desk: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    for first, last in ((-9, 9), (1, 9), (60, 70), (61, 70), (-9, -1)):
        days = {"starts_on": TODAY + first * DAY, "ends_on": TODAY + last * DAY}
        make.deployment(make.person(organisation=home), mission, **days)
        make.deployment(make.person(), mission, **days)
    make.deployment(make.person(organisation=home), mission, person_id=None)
    text = desk.get("/missions/").text
    assert re.findall(r'data-label="[^"]*">(\d+)</td>', text) == ["1", "2", "1"]


def test_nobody_is_missing_on_a_mission_that_is_closed(
    desk: Browser, make: Factory, home: Organisation, mission: Mission
) -> None:
    make.deployment(make.person(organisation=home), mission, person_id=None)
    mission.status = MissionStatus.CLOSED
    make.session.commit()
    text = desk.get("/missions/").text
    assert re.findall(r'data-label="[^"]*">(\d+)</td>', text) == ["0", "0", "0"]


def test_the_list_has_pages_and_few_statements(
    desk: Browser, make: Factory, planner: Person, statements: list[str]
) -> None:
    for number in range(51):
        make.mission(name=f"Mission {number:03}")
    desk.get("/missions/")
    statements.clear()
    page = desk.get("/missions/").text
    assert len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]) <= 7
    assert "Mission 049" in page
    assert "Mission 050" not in page
    onward = re.search(r'href="(/missions/\?after=\d+)"', page)
    assert onward
    assert "Mission 050" in desk.get(onward[1]).text


def test_only_those_who_plan_find_missions_in_the_menu(
    browser: Browsers, desk: Browser, make: Factory, home: Organisation
) -> None:
    assert 'href="/missions/"' in desk.get("/").text
    assert 'href="/missions/"' not in browser(make.person(Role.HR, organisation=home)).get("/").text


def test_no_page_title_names_a_mission(desk: Browser, mission: Mission, session: Session) -> None:
    for path in ("", "/edit"):
        title = re.search(r"<title>([^<]*)</title>", desk.get(f"/missions/{mission.id}{path}").text)
        assert title
        assert "Heron" not in title[1]
    assert session.scalar(select(func.count(Mission.id))) == 1
