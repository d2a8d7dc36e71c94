"""Who answers for what is taught, and what that means for readers and certificates."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register import checks
from certificates.register import services as certificates
from certificates.register.models import Certificate
from modules.approval import services
from modules.approval.changes import compare
from modules.assignments.models import Assignment
from modules.catalogue.approvals import approval_of
from modules.catalogue.models import Approval, Course, CourseVersion
from modules.catalogue.services import published
from modules.learning.models import Completion, Mode
from tests.conftest import Browsers
from tests.editions import publish_edition
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser, Page
from tests.races import at_once
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Forbidden, NotFound
from training.permissions import Grant, Role, Viewer

FUNCTION = "Gender adviser, Ministry of Defence"
YES = {"function": FUNCTION, "read": "y"}
NOT_YET = "Not yet approved by a gender adviser"


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return an organisation."""
    return make.organisation()


@pytest.fixture
def person(make: Factory, home: Organisation) -> Person:
    """Return a reader."""
    return make.person(organisation=home)


@pytest.fixture
def assignment(make: Factory, course: Course, person: Person) -> Assignment:
    """Return the reader's course."""
    return make.assignment(person, course)


@pytest.fixture
def version_id(session: Session, course: Course) -> int:
    """Return the version that is taught."""
    found = session.scalars(select(CourseVersion.id)).one()
    session.commit()
    return found


@pytest.fixture
def reviewer(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of a reviewer of the organisation."""
    return browser(make.person(Role.REVIEWER, organisation=home))


def viewer(make: Factory, home: Organisation | None) -> Viewer:
    """Return a reviewer of an organisation, or of the platform."""
    own = home or make.organisation()
    grant = Grant(Role.REVIEWER, home.id if home else None)
    return Viewer(make.person(organisation=own).id, own.id, (grant,))


def approve(session: Session, who: Viewer, version_id: int, function: str = FUNCTION) -> Approval:
    """Approve a version."""
    found = services.approve(session, who, version_id, function, today=TODAY, at=NOW)
    session.commit()
    return found


def test_an_approval_reaches_readers_at_once_though_versions_are_kept_for_ever(
    browser: Browsers, person: Person, assignment: Assignment, reviewer: Browser, version_id: int
) -> None:
    page = browser(person)
    paths = (f"/learn/{assignment.id}/", f"/learn/{assignment.id}/lessons/conduct/command-duty")
    for path in paths:
        assert NOT_YET in page.get(path).text
    reviewer.post(f"/content/{version_id}/approve", YES)
    for path in paths:
        assert f"Approved by {FUNCTION}" in page.get(path).text
    assert FUNCTION in reviewer.get("/content/").text
    shown = reviewer.get(f"/content/{version_id}").text
    withdraw = next(form for form in Page(shown).forms if "withdraw" in str(form["action"]))
    reviewer.post(str(withdraw["action"]), {"reason": "Lesson 2 is not right."})
    for path in paths:
        assert NOT_YET in page.get(path).text
    assert "Lesson 2 is not right." in reviewer.get(f"/content/{version_id}").text


def test_a_reviewer_is_led_through_every_lesson_and_question(
    reviewer: Browser, version_id: int, session: Session
) -> None:
    course = published(session, version_id)
    session.commit()
    path = f"/content/{version_id}/lessons/{course.lessons[0].module_slug}/{course.lessons[0].slug}"
    seen = []
    while path != f"/content/{version_id}":
        seen.append(path)
        text = reviewer.get(path).text
        path = Page(text.partition('class="onward"')[2]).links[0]
    assert len(seen) == len(course.lessons) + len(course.modules)
    questions = reviewer.get(seen[-1]).text
    assert questions.count('lang="nl"') > 30
    assert "Not right" in questions
    assert 'lang="nl"' in reviewer.get(f"{seen[0]}?in=nl").text


def test_nothing_is_approved_without_a_function_and_the_tick(
    reviewer: Browser, version_id: int, make: Factory
) -> None:
    answer = reviewer.post(f"/content/{version_id}/approve", {"function": "GENAD"}, expect=422)
    assert "Please read everything first" in answer.text
    assert 'value="GENAD"' in answer.text
    assert make.rows(select(Approval)) == []
    reviewer.post("/content/999/approve", YES, expect=404)


def test_a_reviewer_does_not_put_their_own_name_on_certificates(
    make: Factory, home: Organisation, browser: Browsers, version_id: int
) -> None:
    page = browser(make.person(Role.REVIEWER, organisation=home, printed_name="Zoë Čapek"))
    named = YES | {"function": "zoe capek, gender adviser"}
    answer = page.post(f"/content/{version_id}/approve", named, expect=422)
    assert "every certificate would show it" in answer.text
    assert make.rows(select(Approval)) == []
    page.post(f"/content/{version_id}/approve", YES)


def test_what_changed_since_the_version_before_is_named(
    app: Flask, reviewer: Browser, course: Course, tmp_path: Path, make: Factory
) -> None:
    publish_edition(app, tmp_path / "next", "0.2.0", pass_mark=90, reworded=True)
    newest = make.rows(select(CourseVersion).order_by(CourseVersion.id.desc()))[0]
    shown = reviewer.get(f"/content/{newest.id}").text
    assert "What changed since version 0.1.0" in shown
    assert "0 new, 4 changed, 0 removed" in shown
    assert "0 new, 1 changed, 0 removed" in shown  # The pass mark.
    assert "90 % right" in shown
    first = reviewer.get("/content/").text
    assert first.index("0.2.0") < first.index("0.1.0")


def test_added_changed_and_removed_keys_are_told_apart() -> None:
    found = compare({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5})
    assert (found.added, found.changed, found.removed) == (("d",), ("c",), ("a",))
    assert [found.of(key) for key in "bcd"] == ["", "changed", "added"]


def test_approved_several_times_at_once_it_is_approved_once(
    engine: Engine, make: Factory, home: Organisation, version_id: int
) -> None:
    reviewers = [viewer(make, home) for _ in range(8)]

    def act(session: Session, number: int) -> int:
        who = reviewers[number]
        return services.approve(session, who, version_id, FUNCTION, today=TODAY, at=NOW).id

    assert len(set(at_once(engine, act))) == 1
    assert len(make.rows(select(Approval))) == 1
    said = select(AuditEvent).where(AuditEvent.action == "content.approved")
    assert len(make.rows(said)) == 1


def test_withdrawn_twice_it_is_withdrawn_once_and_can_be_approved_again(
    session: Session, make: Factory, home: Organisation, version_id: int
) -> None:
    who = viewer(make, home)
    first = approve(session, who, version_id)
    for reason in ("Not right.", "Again."):
        services.withdraw(session, who, first.id, reason, at=NOW)
        session.commit()
    assert make.rows(select(Approval))[0].reason == "Not right."
    approve(session, who, version_id)
    assert len(make.rows(select(Approval))) == 2


def test_an_organisation_s_approval_holds_for_its_own_people_only(
    session: Session, make: Factory, home: Organisation, version_id: int
) -> None:
    given = approve(session, viewer(make, home), version_id)
    other = make.organisation()
    assert approval_of(session, version_id, home.id) == (FUNCTION, TODAY)
    assert approval_of(session, version_id, other.id) is None
    session.commit()
    stranger = viewer(make, other)
    with pytest.raises(NotFound):
        services.withdraw(session, stranger, given.id, "No.", at=NOW)
    session.rollback()
    assert services.approvals(session, stranger, [version_id]) == []
    session.commit()
    approve(session, viewer(make, None), version_id, "Adviser of the platform")
    assert approval_of(session, version_id, other.id) == ("Adviser of the platform", TODAY)
    # An organisation's own word comes first.
    assert approval_of(session, version_id, home.id) == (FUNCTION, TODAY)


def test_a_reviewer_who_has_gone_to_another_organisation_approves_nothing(
    session: Session, make: Factory, home: Organisation, version_id: int
) -> None:
    moved = Viewer(make.person().id, make.organisation().id, (Grant(Role.REVIEWER, home.id),))
    with pytest.raises(Forbidden):
        services.approve(session, moved, version_id, FUNCTION, today=TODAY, at=NOW)


def test_only_approved_content_gives_certificates_and_a_withdrawal_leaves_them(
    session: Session, make: Factory, course: Course, home: Organisation, version_id: int
) -> None:
    def earn(hours: int) -> Certificate | None:
        at = NOW + timedelta(hours=hours)
        assignment = make.assignment(make.person(organisation=home), course, completed_at=at)
        completion = Completion(
            assignment_id=assignment.id,
            course_version_id=version_id,
            mode=Mode.ONLINE,
            minutes=60,
            achieved_on=TODAY,
            recorded_at=at,
            valid_until=TODAY,
        )
        session.add(completion)
        session.flush()
        made = certificates.prepare(session, completion.id, demonstration=False, at=at)
        session.commit()
        return made

    session.get_one(CourseVersion, version_id).major = 1  # A 0.x version never gives one.
    session.commit()
    who = viewer(make, home)
    assert earn(-1) is None
    given = approve(session, who, version_id)
    certificate = earn(1)
    assert certificate is not None
    services.withdraw(session, who, given.id, "Not right.", at=NOW + timedelta(hours=2))
    session.commit()
    assert earn(3) is None
    [kept] = make.rows(select(Certificate))
    assert kept.approved_by == FUNCTION
    assert not [s for s in checks.contradictions(session, demonstration=False) if "has no" in s]
    session.delete(kept)
    session.commit()
    wrong = f"Completion {kept.completion_id} has no certificate."
    assert checks.contradictions(session, demonstration=False) == [wrong]
