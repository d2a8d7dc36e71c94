"""Who is removed, when, and who is told before."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.races import at_once
from tests.training.expiry.conftest import YEARS, Remove
from training import clock
from training.accounts import sessions
from training.accounts.models import (
    Organisation,
    Person,
)
from training.audit import AuditEvent
from training.expiry import job, registry, services
from training.merging.models import MergeRecord
from training.permissions import Role


@pytest.mark.parametrize("kind", ["role", "deployment", "open training", "sign-in"])
def test_whoever_is_needed_is_not_removed(
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    remove: Remove,
    kind: str,
) -> None:
    at = NOW + YEARS
    found = make.person(Role.TRAINER if kind == "role" else None, organisation=home)
    if kind == "deployment":
        make.deployment(found, make.mission(), starts_on=TODAY, ends_on=at.date())
    if kind == "open training":
        make.assignment(found, course)
    if kind == "sign-in":
        sessions.begin(session, found.id, own_device=False, at=at - timedelta(days=300))
        session.commit()
    assert not remove(found.id, at)
    assert make.rows(select(Person.removed_at).where(Person.id == found.id)) == [None]


@pytest.mark.parametrize("kind", ["role", "open training", "sign-in"])
def test_whoever_has_left_is_not_waited_for(
    make: Factory,
    course: Course,
    session: Session,
    home: Organisation,
    remove: Remove,
    kind: str,
) -> None:
    found = make.person(Role.TRAINER if kind == "role" else None, organisation=home)
    if kind == "open training":
        make.assignment(found, course)
    if kind == "sign-in":
        sessions.begin(session, found.id, own_device=False, at=NOW + YEARS)
    session.execute(update(Person).values(is_active=False, left_at=NOW))
    session.commit()
    assert remove(found.id, NOW + YEARS)


def test_fewer_years_and_leaving_remove_nobody_without_ninety_days_of_notice(
    app: Flask, make: Factory, session: Session, home: Organisation
) -> None:
    found = make.person(organisation=home, is_active=False, created_at=NOW - YEARS)
    with app.app_context():
        erasures = registry.erasures()
    for days in (0, 1, 89):
        at = NOW + timedelta(days=days)
        services.write_down(session, 0, erasures, at=at)
        assert not services.remove(session, found.id, erasures, at=at)
    assert services.remove(session, found.id, erasures, at=NOW + timedelta(days=90))
    session.commit()


def test_whoever_comes_back_in_time_is_taken_off(
    app: Flask, make: Factory, session: Session, home: Organisation, remove: Remove
) -> None:
    found = make.person(organisation=home, created_at=NOW - YEARS)
    with app.app_context():
        erasures = registry.erasures()
    services.write_down(session, 0, erasures, at=NOW)
    session.commit()
    noted = make.rows(select(Person.remove_on).where(Person.id == found.id))
    sessions.begin(session, found.id, own_device=False, at=NOW)
    services.write_down(session, 0, erasures, at=NOW)
    session.commit()
    assert noted == [TODAY + timedelta(days=90)]
    assert make.rows(select(Person.remove_on).where(Person.id == found.id)) == [None]


def test_a_record_that_was_merged_goes_with_the_one_that_took_it_over(
    make: Factory, session: Session, home: Organisation, remove: Remove
) -> None:
    left: dict[str, Any] = {"organisation": home, "is_active": False}
    found = make.person(**left)
    middle = make.person(**left, merged_into_id=found.id)
    last = make.person(**left, merged_into_id=middle.id, last_signed_in_on=TODAY)
    for gone, into in ((middle, found), (last, middle)):
        values = {"kept_id": into.id, "gone_id": gone.id, "merged_by_id": make.person().id}
        session.add(MergeRecord(**values, merged_at=NOW, was_active=True, moved={}))
    session.commit()
    assert not remove(middle.id, NOW + YEARS)
    assert remove(found.id, NOW + YEARS)
    wanted = [found.id, middle.id, last.id]
    names = make.rows(select(Person.printed_name).where(Person.id.in_(wanted)))
    assert names == ["removed"] * 3
    assert make.rows(select(MergeRecord)) == []


def test_the_worker_goes_on_past_somebody_who_cannot_be_removed(
    app: Flask,
    make: Factory,
    session: Session,
    home: Organisation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = clock.now()
    due: dict[str, Any] = {"is_active": False, "created_at": now - YEARS, "remove_on": now.date()}
    stuck, found = (make.person(organisation=home, **due) for _ in range(2))
    make.person(organisation=home, user_name=f"#{stuck.id}")
    with app.app_context():
        job.run()
        job.run()
    assert f"person {stuck.id} could not be removed" in caplog.text
    caplog.clear()
    removed = make.rows(select(Person.id).where(Person.removed_at.is_not(None)))
    assert removed == [found.id]


def test_somebody_removed_is_in_no_list_and_cannot_be_opened(
    person: Person, make: Factory, home: Organisation, browser: Browsers, remove: Remove
) -> None:
    remove(person.id, NOW + YEARS)
    page = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    page.get(f"/people/{person.id}", expect=404)
    page.get(f"/records/{person.id}", expect=404)
    assert "removed" not in page.get("/people/").text


@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_hr_sees_before_who_will_be_removed(
    make: Factory, home: Organisation, browser: Browsers, role: Role
) -> None:
    page = browser(make.person(role, organisation=home))
    assert "will be removed" not in page.get("/records/").text
    for days in range(60):
        make.person(organisation=home, remove_on=TODAY + timedelta(days=days))
    soon = make.person(organisation=home, printed_name="Robin First", remove_on=TODAY)
    make.person(printed_name="A stranger", remove_on=TODAY)
    assert "records of 61 people" in page.get("/records/").text
    first = page.get("/people/ending").text
    assert "A stranger" not in first
    assert (f"/people/{soon.id}" in first) == (role is Role.ADMINISTRATOR)
    assert "Next page" in first
    last = make.rows(select(Person.id).where(Person.organisation_id == home.id))
    assert page.get(f"/people/ending?after={last[50]}").text.count("<tr>") == 61 - 50


def test_the_page_of_what_is_kept_tells_the_day_the_job_uses(
    app: Flask, make: Factory, session: Session, home: Organisation, browser: Browsers
) -> None:
    found = make.person(organisation=home)
    make.deployment(found, make.mission(), starts_on=TODAY, ends_on=TODAY + timedelta(days=200))
    with app.app_context():
        ending = services.endings(session, [found.id], registry.erasures(), at=NOW)[found.id]
    session.commit()
    assert ending.day is not None
    shown = browser(found).get("/kept/").text
    assert f"Until {ending.day.day} {ending.day:%B %Y}" in shown


def test_the_list_asks_the_same_number_of_statements_for_one_and_for_three_hundred(
    make: Factory, home: Organisation, browser: Browsers, statements: list[str]
) -> None:
    page = browser(make.person(Role.HR, organisation=home))
    asked = []
    for number in (1, 300):
        for person in make.crowd(home.id, number):
            person.user_name, person.remove_on = f"{number}-{person.user_name}", TODAY
            person.personnel_number = None
        make.session.commit()
        page.get("/people/ending")
        del statements[:]
        page.get("/people/ending")
        asked.append(len([s for s in statements if s.startswith("SELECT")]))
    assert asked[0] == asked[1] <= 7


def test_the_notice_begins_anew_for_a_record_that_was_merged_and_parted(
    make: Factory, home: Organisation, session: Session, browser: Browsers
) -> None:
    kept, gone = make.person(organisation=home), make.person(organisation=home, remove_on=TODAY)
    desk = browser(make.person(Role.ADMINISTRATOR, organisation=home))
    desk.post(f"/people/{kept.id}/merge/{gone.id}")
    assert make.rows(select(Person.remove_on).where(Person.id == gone.id)) == [None]


def test_two_workers_remove_a_person_once(
    app: Flask, engine: Engine, make: Factory, home: Organisation
) -> None:
    due: dict[str, Any] = {"is_active": False, "created_at": NOW - YEARS, "remove_on": TODAY}
    found = make.person(organisation=home, **due)
    with app.app_context():
        erasures = registry.erasures()
    done = at_once(engine, lambda s, _: services.remove(s, found.id, erasures, at=NOW))
    assert sum(done) == 1
    assert len(make.rows(select(AuditEvent.id).where(AuditEvent.action == "person.removed"))) == 1
