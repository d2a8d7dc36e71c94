"""Waivers: two people, a reason, a last day, and never for oneself."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from certificates.readiness import erasing, keeping, waivers
from certificates.readiness.judging import State
from certificates.readiness.models import Waiver
from certificates.readiness.services import of_deployment
from modules.catalogue.models import Course
from modules.requirements.models import Requirement
from tests.certificates.readiness.rotation import requirement, viewer
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from training import clock
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Forbidden, Invalid, NotFound
from training.missions import deployments
from training.missions.models import Deployment
from training.permissions import Role


@pytest.fixture
def asker(make: Factory, home: Organisation) -> Person:
    """Return who asks."""
    return make.person(Role.TRAINER, organisation=home)


@pytest.fixture
def granter(make: Factory, home: Organisation) -> Person:
    """Return who grants."""
    return make.person(Role.HR, organisation=home)


@pytest.fixture
def deployment(make: Factory, home: Organisation) -> Deployment:
    """Return for whom it is."""
    return make.deployment(make.person(organisation=home), make.mission())


@pytest.fixture
def required(make: Factory, home: Organisation, course: Course) -> Requirement:
    """Return what may be waived."""
    return requirement(make, home.id, course)


def values(deployment: Deployment, **others: Any) -> dict[str, Any]:
    """Return what the form asks for."""
    last = deployment.starts_on + timedelta(days=20)
    given = {"reason": "Called up late.", "authority": "Head of operations", "ends_on": last}
    return given | others


def ask(
    session: Session, asker: Person, deployment: Deployment, required: Requirement, **others: Any
) -> Waiver:
    """Ask for a waiver and commit."""
    made = waivers.ask(
        session,
        viewer(asker),
        deployment.id,
        required.id,
        values(deployment, **others),
        today=TODAY,
        at=NOW,
    )
    session.commit()
    return made


def test_a_waiver_is_in_force_once_another_person_grants_it_and_ends_by_itself(
    session: Session, asker: Person, granter: Person, deployment: Deployment, required: Requirement
) -> None:
    me = viewer(asker)
    made = ask(session, asker, deployment, required)
    assert of_deployment(session, me, deployment.id, TODAY).state is State.AT_RISK
    with pytest.raises(Forbidden):
        waivers.grant(session, me, made.id, today=TODAY, at=NOW)
    waivers.grant(session, viewer(granter, Role.HR), made.id, today=TODAY, at=NOW)
    session.commit()
    found = of_deployment(session, me, deployment.id, TODAY)
    assert (found.state, found.trained) == (State.WAIVED, False)
    after = made.ends_on + timedelta(days=1)
    assert of_deployment(session, me, deployment.id, made.ends_on).state is State.WAIVED
    assert of_deployment(session, me, deployment.id, after).state is State.NOT_READY


def test_a_new_waiver_can_be_asked_for_when_the_last_one_is_over(
    session: Session, asker: Person, deployment: Deployment, required: Requirement
) -> None:
    first = ask(session, asker, deployment, required)
    later = first.ends_on + timedelta(days=1)
    second = waivers.ask(
        session,
        viewer(asker),
        deployment.id,
        required.id,
        values(deployment, ends_on=later),
        today=later,
        at=NOW,
    )
    assert second.id != first.id


def test_two_people_asking_at_once_make_one(
    engine: Engine, make: Factory, home: Organisation, deployment: Deployment, required: Requirement
) -> None:
    me = [viewer(make.person(Role.TRAINER, organisation=home)) for _ in range(8)]
    given = values(deployment)

    def act(session: Session, number: int) -> int:
        return waivers.ask(
            session, me[number], deployment.id, required.id, given, today=TODAY, at=NOW
        ).id

    assert len(set(at_once(engine, act))) == 1
    assert make.session.scalar(select(func.count(Waiver.id))) == 1


def test_nobody_asks_or_decides_for_themselves(
    session: Session, make: Factory, home: Organisation, asker: Person, required: Requirement
) -> None:
    goes = make.person(Role.HR, organisation=home)
    deployment = make.deployment(goes, make.mission())
    with pytest.raises(Forbidden):
        ask(session, goes, deployment, required)
    session.rollback()
    made = ask(session, asker, deployment, required)
    for decide in (waivers.refuse, waivers.end):
        with pytest.raises(Forbidden):
            decide(session, viewer(goes, Role.HR), made.id, at=NOW)
    with pytest.raises(Forbidden):
        waivers.grant(session, viewer(goes, Role.HR), made.id, today=TODAY, at=NOW)


@pytest.mark.parametrize("days", [-1, 181])
def test_the_last_day_lies_within_the_tour(
    session: Session, asker: Person, deployment: Deployment, required: Requirement, days: int
) -> None:
    last = deployment.starts_on + timedelta(days=days)
    with pytest.raises(Invalid):
        ask(session, asker, deployment, required, ends_on=last)


def test_only_what_is_waivable_and_in_force_can_be_waived(
    session: Session, make: Factory, home: Organisation, asker: Person, course: Course,
    deployment: Deployment,
) -> None:  # fmt: skip
    never = requirement(make, home.id, course, waivable=False)
    retired = requirement(make, home.id, course, retired_at=NOW)
    strange = requirement(make, make.organisation().id, course)
    for row, refusal in (
        (never, waivers.NotWaivable), (retired, waivers.NotWaivable), (strange, NotFound)
    ):  # fmt: skip
        with pytest.raises(refusal):
            ask(session, asker, deployment, row)
        session.rollback()


def test_refusing_and_ending_are_written_down_and_done_once(
    session: Session, make: Factory, asker: Person, granter: Person, deployment: Deployment,
    required: Requirement,
) -> None:  # fmt: skip
    hr = viewer(granter, Role.HR)
    refused = ask(session, asker, deployment, required)
    for _ in range(2):
        waivers.refuse(session, hr, refused.id, at=NOW)
    with pytest.raises(waivers.AlreadyDecided):
        waivers.grant(session, hr, refused.id, today=TODAY, at=NOW)
    session.commit()
    made = ask(session, asker, deployment, required)
    with pytest.raises(waivers.AlreadyDecided):
        waivers.end(session, hr, made.id, at=NOW)
    for _ in range(2):
        waivers.grant(session, hr, made.id, today=TODAY, at=NOW)
    with pytest.raises(waivers.AlreadyDecided):
        waivers.refuse(session, hr, made.id, at=NOW)
    for _ in range(2):
        waivers.end(session, hr, made.id, at=NOW)
    session.commit()
    assert of_deployment(session, hr, deployment.id, deployment.starts_on).state < State.WAIVED
    actions = make.rows(select(AuditEvent.action).where(AuditEvent.subject == "waiver"))
    assert sorted(actions) == [
        "waiver.asked", "waiver.asked", "waiver.ended", "waiver.granted", "waiver.refused"
    ]  # fmt: skip


def test_a_waiver_does_not_pass_to_who_gets_the_post_afterwards(
    session: Session, make: Factory, home: Organisation, asker: Person, granter: Person,
    deployment: Deployment, required: Requirement, app: object,
) -> None:  # fmt: skip
    made = ask(session, asker, deployment, required)
    waivers.grant(session, viewer(granter, Role.HR), made.id, today=TODAY, at=NOW)
    session.commit()
    other = make.person(organisation=home)
    me = viewer(asker)
    deployments.change(session, me, deployment.id, {"post": "G3"}, "Renamed.", at=NOW)
    session.commit()
    assert of_deployment(session, me, deployment.id, TODAY).state is State.WAIVED
    deployments.change(session, me, deployment.id, {"person_id": other.id}, "Ill.", at=NOW)
    session.commit()
    assert of_deployment(session, me, deployment.id, TODAY).state is not State.WAIVED


def test_the_person_sees_the_waiver_among_what_is_kept_and_it_goes_with_their_records(
    session: Session, app: Any, asker: Person, deployment: Deployment, required: Requirement
) -> None:
    made = ask(session, asker, deployment, required)
    assert deployment.person_id
    with app.test_request_context():
        (section,) = keeping.export(session, deployment.person_id)
    assert section.records[0].data["reason"] == made.reason
    erasing.erase(session, deployment.person_id, NOW)
    session.commit()
    assert session.scalar(select(func.count(Waiver.id))) == 0


def test_a_waiver_goes_from_asking_to_granting_to_its_end_on_the_pages(
    monkeypatch: pytest.MonkeyPatch, make: Factory, browser: Browsers, asker: Person,
    granter: Person, deployment: Deployment, required: Requirement,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    path = f"/waivers/ask/{deployment.id}/{required.id}"
    one, two = browser(asker), browser(granter)
    one.get(path)
    wrong = one.post(path, {"reason": "Why.", "authority": "Head", "ends_on": "2026-11-24"}, 422)
    assert "Choose a day within the tour" in wrong.text
    last: date = values(deployment)["ends_on"]
    filled = {"reason": "Why.", "authority": "Head", "ends_on": last.isoformat()}
    page = one.post(path, filled).location
    assert "Somebody else must grant it" in one.get(page).text
    one.post(f"{page}/grant", expect=403)
    assert "a waiver is asked for" in one.get("/readiness/").text
    assert "Asked for" in two.get("/waivers/").text
    two.post(f"{page}/grant")
    assert "waived until" in one.get("/readiness/").text
    assert "In force" in two.get("/waivers/").text
    two.post(f"{page}/end")
    assert "Over" in two.get(page).text
    browser(make.person(Role.HR)).get(page, expect=404)


@pytest.mark.parametrize("rows", [1, 40])
def test_the_list_of_waivers_stays_within_its_budget(
    make: Factory, browser: Browsers, home: Organisation, asker: Person, required: Requirement,
    statements: list[str], rows: int,
) -> None:  # fmt: skip
    mission = make.mission()
    for person in make.crowd(home.id, rows):
        ask(make.session, asker, make.deployment(person, mission), required)
    page = browser(asker)
    page.get("/waivers/")
    del statements[:]
    page.get("/waivers/")
    assert len([s for s in statements if s.startswith("SELECT")]) <= 7


def test_after_a_waiver_ended_by_itself_the_board_leads_to_asking_for_another(
    monkeypatch: pytest.MonkeyPatch, make: Factory, browser: Browsers, home: Organisation,
    asker: Person, granter: Person, required: Requirement,
) -> None:  # fmt: skip
    person = make.person(organisation=home)
    gone = make.deployment(person, make.mission(), starts_on=TODAY - timedelta(days=30))
    over = {"reason": "Late.", "authority": "Head", "ends_on": TODAY - timedelta(days=1)}
    key = {"deployment_id": gone.id, "requirement_id": required.id, "asked_by_id": asker.id}
    make.session.add(Waiver(**key, **over, asked_at=NOW, granted_at=NOW, granted_by_id=granter.id))
    make.session.commit()
    path = f"/waivers/ask/{gone.id}/{required.id}"
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=1))
    assert path not in browser(asker).get(f"/readiness/{gone.id}").text
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert path in browser(asker).get(f"/readiness/{gone.id}").text


def test_nothing_is_waived_on_a_deployment_that_was_cancelled(
    session: Session, asker: Person, deployment: Deployment, required: Requirement
) -> None:
    deployment.cancelled_at = NOW
    session.commit()
    with pytest.raises(NotFound):
        ask(session, asker, deployment, required)
