"""Reading lessons: ticked by the reader only, exactly counted, and theirs alone."""

import random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.assignments.models import Assignment
from modules.catalogue.models import Course, Lesson
from modules.learning import services
from modules.learning.models import Reading
from modules.learning.services import Progress
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.pages import Browser
from tests.races import alone, at_once
from training.accounts.models import Person

SLUGS = ["power-and-consent", "the-six-rules", "report-and-protect", "command-duty"]


def lesson_path(assignment: Assignment, slug: str) -> str:
    """Return the address of a lesson."""
    return f"/learn/{assignment.id}/lessons/conduct/{slug}"


def progress(engine: Engine, assignment: Assignment) -> Progress:
    """Return what is read now."""

    def look(session: Session) -> Progress:
        owned = assignments.own(session, assignment.person_id, assignment.id)
        return services.progress(session, [owned])[assignment.id]

    return alone(engine, look)


def read(engine: Engine, assignment: Assignment) -> list[str]:
    """Return the slugs of what is ticked, in order."""
    found = progress(engine, assignment)
    return [
        lesson.slug for module, lesson in found.places if (module.slug, lesson.slug) in found.read
    ]


def test_opening_a_lesson_ticks_nothing(
    engine: Engine, make: Factory, page: Browser, assignment: Assignment
) -> None:
    for slug in SLUGS:
        assert "Going on marks this lesson as read." in page.get(lesson_path(assignment, slug)).text
    page.get(f"/learn/{assignment.id}/")
    assert make.rows(select(Reading)) == []


def test_next_ticks_and_leads_to_the_next_lesson_and_at_last_to_the_contents(
    engine: Engine, page: Browser, assignment: Assignment
) -> None:
    path = lesson_path(assignment, SLUGS[0])
    for number, slug in enumerate(SLUGS, 1):
        assert path == lesson_path(assignment, slug)
        path = page.post(path).location
        assert read(engine, assignment) == SLUGS[:number]
    assert path == f"/learn/{assignment.id}/"
    assert "Every lesson is ticked. You can take the test." in page.get(path).text


def test_the_last_lesson_says_that_it_finishes_what_may_still_have_gaps(
    engine: Engine, page: Browser, assignment: Assignment
) -> None:
    page.post(lesson_path(assignment, SLUGS[-1]))
    shown = page.get(f"/learn/{assignment.id}/").text
    assert "The test opens when every lesson is ticked." in shown
    assert f'href="{lesson_path(assignment, SLUGS[0])}"' in shown.split("button go")[1][:200]
    assert read(engine, assignment) == SLUGS[-1:]


def test_a_second_tick_changes_nothing(
    make: Factory, page: Browser, assignment: Assignment
) -> None:
    page.post(lesson_path(assignment, SLUGS[1]))
    before = [(row.id, row.lesson_id, row.read_at) for row in make.rows(select(Reading))]
    assert page.post(lesson_path(assignment, SLUGS[1])).location.endswith(SLUGS[2])
    assert [(row.id, row.lesson_id, row.read_at) for row in make.rows(select(Reading))] == before


def test_eight_ticks_at_once_are_one(engine: Engine, make: Factory, assignment: Assignment) -> None:
    lesson_id = make.rows(select(Lesson.id))[0]
    at_once(engine, lambda s, _: services.tick(s, assignment.id, lesson_id, at=NOW))
    assert len(make.rows(select(Reading))) == 1


@pytest.mark.parametrize("seed", range(3))
def test_progress_is_exact_in_whatever_order_lessons_are_read(
    engine: Engine, browser: Browsers, person: Person, assignment: Assignment, seed: int
) -> None:
    order = random.Random(seed).sample(SLUGS, len(SLUGS))
    for number in range(len(order) + 1):
        done = order[:number]
        assert sorted(read(engine, assignment)) == sorted(done)
        found = progress(engine, assignment)
        left = [slug for slug in SLUGS if slug not in done]
        assert [lesson.slug for _, lesson in found.unread] == left
        assert found.minutes_left == 10 * len(left)
        # A fresh browser each time: nothing of it lives in the one before.
        page = browser(person)
        shown = page.get(f"/learn/{assignment.id}/").text
        assert shown.count('<li class="read">') == number
        following = lesson_path(assignment, left[0]) if left else f"/learn/{assignment.id}/test"
        assert f'<a class="button go" href="{following}"' in shown
        assert f'<a class="button go" href="{following}"' in page.get("/").text
        if left:
            page.post(lesson_path(assignment, order[number]))


def test_lessons_of_somebody_elses_assignment_are_not_found(
    make: Factory, browser: Browsers, course: Course, assignment: Assignment
) -> None:
    stranger = make.person()
    own = make.assignment(stranger, course)
    page = browser(stranger)
    page.get(lesson_path(own, SLUGS[0]))
    page.get(f"/learn/{assignment.id}/", expect=404)
    page.get(lesson_path(assignment, SLUGS[0]), expect=404)
    page.post(lesson_path(assignment, SLUGS[0]), expect=404)
    assert make.rows(select(Reading)) == []


def test_lessons_of_a_course_that_is_not_assigned_are_not_found(
    make: Factory, browser: Browsers, course: Course
) -> None:
    page = browser(make.person())
    page.get("/learn/1/", expect=404)
    page.get("/learn/1/lessons/conduct/the-six-rules", expect=404)


BAD_PLACES = (
    "conduct/no-such-lesson",
    "no-such-module/the-six-rules",
    "conduct/the-six-rules%00",
    "conduct/%E2%80%AEthe-six-rules",
    "conduct/" + "x" * 5000,
    "conduct/..%2Fthe-six-rules",
    "conduct/THE-SIX-RULES",
)


def test_a_lesson_that_is_not_there_is_not_found(
    make: Factory, page: Browser, assignment: Assignment
) -> None:
    data = {"csrf_token": page.token}
    for place in BAD_PLACES:
        for send in (page.client.get, page.client.post):
            path = f"/learn/{assignment.id}/lessons/{place}"
            answer = send(path, data=data, base_url="https://localhost")
            assert answer.status_code in {400, 404}, place
    assert make.rows(select(Reading)) == []


def test_bookmarks_of_a_withdrawn_course_are_not_found(
    make: Factory, session: Session, page: Browser, course: Course, assignment: Assignment
) -> None:
    page.get(lesson_path(assignment, SLUGS[0]))
    course.withdrawn_at = NOW
    session.commit()
    for path in ("/", "/lessons/conduct/the-six-rules", "/test"):
        page.get(f"/learn/{assignment.id}{path}", expect=404)
    page.post(lesson_path(assignment, SLUGS[0]), expect=404)
    page.post(f"/learn/{assignment.id}/test", expect=404)
    assert make.rows(select(Reading)) == []
    assert "/learn/" not in page.get("/").text


def test_a_further_cycle_begins_with_nothing_read(
    engine: Engine, make: Factory, course: Course, person: Person, assignment: Assignment
) -> None:
    make.read_all(assignment)
    again = make.assignment(person, course, cycle=2)
    assert read(engine, again) == []
    assert read(engine, assignment) == SLUGS
