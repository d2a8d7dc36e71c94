"""Rotations of several organisations: the lead sees numbers, and names by mandate alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.training.missions.conftest import carried, seen
from training import clock
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.missions.models import Mandate, Mission, Rotation
from training.permissions import Role

DAY = timedelta(days=1)


@pytest.fixture
def rotation(make: Factory, mission: Mission) -> Rotation:
    """Return a rotation of the mission that home leads."""
    return make.rotation(mission, name="Spring")


@pytest.fixture
def sender(make: Factory) -> Organisation:
    """Return another organisation that sends people, west of the lead."""
    return make.organisation(name="Far Police", time_zone="America/New_York")


@pytest.fixture
def sent(make: Factory, sender: Organisation, mission: Mission, rotation: Rotation) -> Person:
    """Return somebody of theirs in the rotation, beside a vacant post and one cancelled."""
    person = make.person(organisation=sender, printed_name="Somebody Sent")
    make.deployment(person, mission, rotation_id=rotation.id)
    make.deployment(person, mission, rotation_id=rotation.id, person_id=None)
    make.deployment(person, mission, rotation_id=rotation.id, cancelled_at=NOW)
    return person


@pytest.fixture
def theirs(browser: Browsers, make: Factory, sender: Organisation) -> Browser:
    """Return the browser of who plans for the sender."""
    return browser(make.person(Role.TRAINER, organisation=sender))


def values(**others: Any) -> dict[str, Any]:
    """Return what the form of a rotation sends."""
    days = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + DAY).isoformat()}
    return {"name": "Spring"} | days | others


def mandated(theirs: Browser, rotation: Rotation, until: date) -> None:
    """Let the sender give its mandate."""
    theirs.post(f"/missions/rotations/{rotation.id}/mandate", {"ends_on": until.isoformat()})


def test_the_lead_makes_rotations_and_renames_them(
    desk: Browser, make: Factory, mission: Mission
) -> None:
    path = f"/missions/{mission.id}/rotations/new"
    desk.post(path, values())
    desk.post(path, values(name="Autumn"))
    found = make.rows(select(Rotation).order_by(Rotation.id))[0]
    assert 'id="name-error"' in desk.post(path, values(), expect=422).text
    wrong = values(name="Summer", ends_on=(TODAY - DAY).isoformat())
    assert 'id="ends_on-error"' in desk.post(path, wrong, expect=422).text
    edit = f"/missions/rotations/{found.id}/edit"
    taken = values(name="Autumn", seen=seen(desk, edit))
    assert 'id="name-error"' in desk.post(edit, taken, expect=422).text
    desk.post(edit, values(name="Winter", seen=seen(desk, edit)))
    assert "Winter" in desk.get(f"/missions/{mission.id}").text


def test_the_second_of_two_who_change_a_rotation_sees_both_values(
    browser: Browsers, desk: Browser, make: Factory, home: Organisation, rotation: Rotation
) -> None:
    other = browser(make.person(Role.TRAINER, organisation=home))
    edit = f"/missions/rotations/{rotation.id}/edit"
    days = {key: getattr(rotation, key).isoformat() for key in ("starts_on", "ends_on")}
    last = rotation.ends_on + DAY
    longer = {"ends_on": last.isoformat()}
    mine, theirs = seen(desk, edit), seen(other, edit)
    other.post(edit, values(**days | longer, seen=theirs, name="Summer"))
    page = desk.post(edit, values(**days, seen=mine, name="Autumn"), expect=409).text
    assert "Somebody else changed this" in page
    assert "<strong>Summer</strong>" in page
    assert 'value="Autumn"' in page, "what they changed stays as typed"
    assert f'value="{longer["ends_on"]}"' in page, "what only the other changed is kept"
    assert [r.name for r in make.rows(select(Rotation))] == ["Summer"]
    desk.post(edit, values(**days | longer, seen=carried(page), name="Autumn"))
    (now,) = make.rows(select(Rotation))
    assert (now.name, now.ends_on) == ("Autumn", last)


def test_changes_of_two_to_different_things_of_a_rotation_both_hold(
    browser: Browsers, desk: Browser, make: Factory, home: Organisation, rotation: Rotation
) -> None:
    other = browser(make.person(Role.TRAINER, organisation=home))
    edit = f"/missions/rotations/{rotation.id}/edit"
    days = {key: getattr(rotation, key).isoformat() for key in ("starts_on", "ends_on")}
    last = rotation.ends_on + DAY
    mine, theirs = seen(desk, edit), seen(other, edit)
    other.post(edit, values(**days | {"ends_on": last.isoformat()}, seen=theirs))
    desk.post(edit, values(**days, seen=mine, name="Summer"))
    (now,) = make.rows(select(Rotation))
    assert (now.name, now.ends_on) == ("Summer", last)


def test_only_the_lead_makes_and_changes_rotations(
    theirs: Browser, mission: Mission, rotation: Rotation
) -> None:
    theirs.post(f"/missions/{mission.id}/rotations/new", values(name="New"), expect=403)
    theirs.post(f"/missions/rotations/{rotation.id}/edit", values(name="New"), expect=403)
    assert "/edit" not in theirs.get(f"/missions/rotations/{rotation.id}").text


def test_the_lead_sees_how_many_each_sends_and_no_name(
    desk: Browser, sent: Person, sender: Organisation, rotation: Rotation
) -> None:
    page = desk.get(f"/missions/rotations/{rotation.id}").text
    assert '<td data-label="People">1</td>' in page
    assert '<td data-label="Vacant posts">1</td>' in page
    assert sent.printed_name not in page
    assert "/senders/" not in page
    desk.get(f"/missions/rotations/{rotation.id}/senders/{sender.id}", expect=404)


def test_a_sender_sees_its_own_numbers_alone(
    theirs: Browser,
    make: Factory,
    home: Organisation,
    sent: Person,
    mission: Mission,
    rotation: Rotation,
) -> None:
    make.deployment(make.person(organisation=home), mission, rotation_id=rotation.id)
    page = theirs.get(f"/missions/rotations/{rotation.id}").text
    assert "Far Police" in page
    assert "Home Forces" not in page


def test_a_mandate_shows_names_to_the_lead_alone_until_its_last_day_at_the_sender(
    desk: Browser,
    browser: Browsers,
    make: Factory,
    planner: Person,
    theirs: Browser,
    sent: Person,
    sender: Organisation,
    rotation: Rotation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mandated(theirs, rotation, TODAY + DAY)
    names = f"/missions/rotations/{rotation.id}/senders/{sender.id}"
    assert names in desk.get(f"/missions/rotations/{rotation.id}").text
    page = desk.get(names).text
    assert page.count(sent.printed_name) == 1, "who was cancelled is not shown"
    browser(make.person(Role.TRAINER)).get(names, expect=404)
    last_hour = NOW.replace(day=26, hour=4, minute=30)  # Half past eleven in New York.
    monkeypatch.setattr(clock, "now", lambda: last_hour)
    later = browser(planner)  # Their session of the day before has ended.
    later.get(names)
    monkeypatch.setattr(clock, "now", lambda: last_hour + timedelta(minutes=31))
    later = browser(planner)
    later.get(names, expect=404)
    assert sent.printed_name not in later.get(f"/missions/rotations/{rotation.id}").text


def test_a_mandate_ends_at_once_when_it_is_revoked(
    desk: Browser,
    theirs: Browser,
    make: Factory,
    sent: Person,
    sender: Organisation,
    rotation: Rotation,
) -> None:
    mandated(theirs, rotation, TODAY + DAY)
    mandated(theirs, rotation, TODAY + 9 * DAY)  # The newer one takes the older one's place.
    names = f"/missions/rotations/{rotation.id}/senders/{sender.id}"
    desk.get(names)
    for _time in range(2):
        theirs.post(f"/missions/rotations/{rotation.id}/mandate/revoke")
    desk.get(names, expect=404)
    assert sent.printed_name not in desk.get(f"/missions/rotations/{rotation.id}").text
    assert all(mandate.revoked_at for mandate in make.rows(select(Mandate)))


def test_a_mandate_is_for_one_rotation_and_one_sender(
    desk: Browser,
    theirs: Browser,
    make: Factory,
    mission: Mission,
    sent: Person,
    sender: Organisation,
    rotation: Rotation,
) -> None:
    other = make.rotation(mission)
    make.deployment(sent, mission, rotation_id=other.id)
    third = make.person()
    make.deployment(third, mission, rotation_id=rotation.id)
    mandated(theirs, rotation, TODAY + DAY)
    desk.get(f"/missions/rotations/{other.id}/senders/{sender.id}", expect=404)
    desk.get(f"/missions/rotations/{rotation.id}/senders/{third.organisation_id}", expect=404)
    page = desk.get(f"/missions/rotations/{rotation.id}/senders/{sender.id}").text
    assert third.printed_name not in page


def test_names_read_by_mandate_are_written_down(
    desk: Browser,
    theirs: Browser,
    make: Factory,
    planner: Person,
    sent: Person,
    sender: Organisation,
    rotation: Rotation,
) -> None:
    mandated(theirs, rotation, TODAY)
    desk.get(f"/missions/rotations/{rotation.id}/senders/{sender.id}")
    theirs.post(f"/missions/rotations/{rotation.id}/mandate/revoke")
    events = make.rows(
        select(AuditEvent).where(AuditEvent.subject == "rotation").order_by(AuditEvent.id)
    )
    actions = [event.action for event in events]
    assert actions == ["mandate.given", "deployment.names_read", "mandate.revoked"]
    assert events[1].actor_id == planner.id
    assert {event.detail["organisation_id"] for event in events} == {sender.id}


def test_no_mandate_lasts_until_a_day_that_is_past_and_the_lead_needs_none(
    desk: Browser, theirs: Browser, make: Factory, rotation: Rotation
) -> None:
    past = {"ends_on": (TODAY - DAY).isoformat()}
    page = theirs.post(f"/missions/rotations/{rotation.id}/mandate", past, expect=422).text
    assert 'id="ends_on-error"' in page
    today = {"ends_on": TODAY.isoformat()}
    desk.post(f"/missions/rotations/{rotation.id}/mandate", today, expect=403)
    assert make.rows(select(Mandate)) == []


@pytest.mark.parametrize("number", [1, 30])
def test_a_rotation_takes_few_statements_however_many_send_people(
    desk: Browser,
    make: Factory,
    mission: Mission,
    rotation: Rotation,
    statements: list[str],
    number: int,
) -> None:
    for _sender in range(number):
        make.deployment(make.person(), mission, rotation_id=rotation.id)
    desk.get(f"/missions/rotations/{rotation.id}")
    statements.clear()
    desk.get(f"/missions/rotations/{rotation.id}")
    assert len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]) <= 7
