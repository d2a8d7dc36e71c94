"""Signed-in browsers: how long they may rest, and what ends them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.training.accounts.entering import enter, somebody
from tests.training.conftest import Time
from training.accounts import sessions
from training.accounts.models import Person, RoleGrant, SignInSession
from training.audit import AuditEvent
from training.permissions import Role

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("role", "own_device", "rest"),
    [
        (None, False, timedelta(minutes=30)),
        (None, True, timedelta(hours=8)),
        (Role.TRAINER, False, timedelta(minutes=15)),
        (Role.ADMINISTRATOR, True, timedelta(minutes=15)),
    ],
)
def test_a_session_may_rest_as_long_as_its_holder_is_trusted_with(
    role: Role | None,
    own_device: bool,  # noqa: FBT001 - a column of the table
    rest: timedelta,
    make: Factory,
    session: Session,
) -> None:
    person = make.person(role)
    token = sessions.begin(session, person.id, own_device=own_device, at=NOW)
    assert sessions.find(session, token, at=NOW + rest) is not None
    assert sessions.find(session, token, at=NOW + rest + SECOND) is None


def test_the_choice_of_ones_own_device_is_what_gives_eight_hours(
    time: Time, make: Factory, browser: Browsers
) -> None:
    shared, own, name = browser(None), browser(None), somebody(make).user_name
    enter(shared, name)
    enter(own, name, device="own")
    time.passes(minutes=31)
    shared.get("/", expect=303)
    own.get("/")


def test_use_prolongs_a_session_and_is_written_at_most_once_a_minute(
    time: Time, make: Factory, browser: Browsers, session: Session, statements: list[str]
) -> None:
    page = browser(make.person())
    writes = []
    for seconds in (0, 30, 29, 1, 59, 1):
        time.passes(seconds=seconds)
        statements.clear()
        page.get("/")
        writes.append(sum(text.startswith("UPDATE sign_in_session") for text in statements))
    assert writes == [0, 0, 0, 1, 0, 1]
    assert session.scalars(select(SignInSession.last_seen_at)).one() == NOW + timedelta(minutes=2)
    session.commit()
    for _ in range(3):
        time.passes(minutes=29)
        page.get("/")
    time.passes(minutes=31)
    assert "Your session has ended." in page.get(page.get("/", expect=303).location).text


def test_a_revoked_session_is_over_at_once(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    page = browser(person)
    page.get("/")
    sessions.end_all(session, person.id, at=NOW)
    session.commit()
    page.get("/", expect=303)


def test_a_deactivated_person_is_out_at_once(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    page = browser(person)
    session.execute(update(Person).values(is_active=False))
    session.commit()
    page.get("/", expect=303)


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "\0", "é" * 5000])
def test_a_token_that_was_never_given_opens_nothing(token: str, session: Session) -> None:
    assert sessions.find(session, token, at=NOW) is None


def test_the_kept_hash_is_no_token(make: Factory, session: Session) -> None:
    token = sessions.begin(session, make.person().id, own_device=False, at=NOW)
    kept = session.scalars(select(SignInSession.token_hash)).one()
    assert kept == sessions.digest(token)
    assert sessions.find(session, kept, at=NOW) is None


def test_a_role_counts_through_its_last_day_where_its_organisation_is(
    make: Factory, session: Session
) -> None:
    organisation = make.organisation(time_zone="Europe/Amsterdam")
    person = make.person(Role.TRAINER, organisation=organisation)
    session.execute(update(RoleGrant).values(ends_on=date(2026, 11, 24)))
    last = datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
    token = sessions.begin(session, person.id, own_device=False, at=last)
    during = sessions.find(session, token, at=last)
    after = sessions.find(session, token, at=last + SECOND)
    assert during is not None
    assert after is not None
    assert [grant.role for grant in during.viewer.grants] == [Role.TRAINER]
    assert after.viewer.grants == ()


def test_a_page_closes_when_the_role_it_needs_has_ended(
    time: Time, make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person(Role.ADMINISTRATOR)
    session.execute(update(RoleGrant).values(ends_on=time.now.date()))
    session.commit()
    page = browser(person)
    assert "/people/" in page.get("/").text
    page.get("/people/")
    time.passes(hours=11, minutes=-10)
    fresh = browser(person)
    fresh.get("/people/")
    time.passes(minutes=10)
    assert "/people/" not in fresh.get("/").text
    fresh.get("/people/", expect=403)


def test_sessions_are_forgotten_ninety_days_after_their_last_use(
    make: Factory, session: Session
) -> None:
    sessions.begin(session, make.person().id, own_device=False, at=NOW)
    sessions.forget_old(session, at=NOW + timedelta(days=90))
    assert session.scalars(select(SignInSession)).first() is not None
    sessions.forget_old(session, at=NOW + timedelta(days=90) + SECOND)
    assert session.scalars(select(SignInSession)).first() is None


def test_a_form_sent_after_its_role_has_ended_is_refused_with_a_page_and_changes_nothing(
    time: Time, make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person(Role.ADMINISTRATOR)
    other = make.person(organisation_id=person.organisation_id)
    page = browser(person)
    page.get(f"/people/{other.id}/edit")
    session.execute(update(RoleGrant).values(ends_on=time.now.date() - timedelta(days=1)))
    session.commit()
    fields = {"printed_name": "Kim Lee", "user_name": "kim", "category": "police"}
    for path in ("/people/new", f"/people/{other.id}/edit", f"/people/{other.id}/roles"):
        answer = page.post(path, fields | {"language": "en", "unit_id": "0"}, expect=403)
        assert "Your role does not include it." in answer.text
    people = make.rows(select(Person))
    assert {p.printed_name for p in people} == {person.printed_name, other.printed_name}
    assert make.rows(select(AuditEvent)) == []


def test_a_clock_set_back_ends_no_session_and_the_next_use_counts_from_the_time_it_is(
    time: Time, make: Factory, browser: Browsers
) -> None:
    page = browser(make.person())
    page.get("/")
    time.passes(days=-1)
    page.get("/")
    time.passes(minutes=31)
    page.get("/", expect=303)
