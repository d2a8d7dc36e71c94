"""What goes wrong between a browser and the platform: two tabs, a dead line, an ended session."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.catalogue.models import Course
from quizzes.attempts.models import Attempt, Grade, Status
from tests.browser.conftest import PASSWORD, Joiner, Kept, Opener, RightAnswers
from tests.browser.window import Window
from tests.factories import Factory
from training import clock
from training.accounts.models import Person, SignInSession

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
HAND_IN = "form[action$=submit] button"


@pytest.fixture
def person(make: Factory, course: Course, join: Joiner) -> Person:
    """Return somebody who has just begun the test."""
    person = join()
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    make.attempt(assignment, at=clock.now())
    return person


@pytest.fixture
def tab(person: Person, window: Opener) -> Window:
    """Return that person's window, at the first question."""
    found: Window = window()
    found.sign_in(person.user_name, PASSWORD)
    found.press("a.go")
    return found


def test_two_tabs_a_double_click_and_the_back_button_make_one_result(
    make: Factory, person: Person, tab: Window
) -> None:
    attempt = make.rows(select(Attempt))[0]
    make.answer(attempt, person.id, at=clock.now())
    overview = f"/attempts/{attempt.id}/0/overview"
    tab.open(overview)
    other = tab.beside()
    other.open(f"/attempts/{attempt.id}/0/10")
    late = tab.beside()
    late.open(overview)
    with tab.page.expect_navigation(url="**/result"):
        tab.page.dblclick(HAND_IN)
    tab.inspect()
    late.press(HAND_IN)
    other.press("button.go")
    results = {tab.place, late.place, other.place}
    tab.page.go_back()
    tab.inspect()
    assert results | {tab.place} == {f"/attempts/{attempt.id}/result"}
    assert len(make.rows(select(Grade))) == 1
    assert len(make.rows(select(Certificate))) == 1
    assert [a.status for a in make.rows(select(Attempt))] == [Status.PASSED]


def test_an_answer_given_offline_is_called_not_saved_and_is_saved_when_the_line_is_back(
    person: Person, tab: Window, right: RightAnswers, kept: Kept
) -> None:
    key = right(person)[1][0]
    tab.tolerate("ERR_INTERNET_DISCONNECTED")
    tab.context.set_offline(True)
    tab.page.check(f"[value={key}]")
    tab.wait(".saved[data-state=again]")
    assert "Not saved yet" in tab.text(".saved")
    tab.inspect()
    assert kept() == []
    tab.context.set_offline(False)
    tab.wait(".saved[data-state=saved]")
    assert kept() == [[key]]


def test_an_answer_of_an_ended_session_is_sent_after_signing_in_again(
    session: Session, person: Person, tab: Window, right: RightAnswers, kept: Kept
) -> None:
    key = right(person)[1][0]
    session.execute(update(SignInSession).values(ended_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    tab.tolerate("401")
    tab.page.check(f"[value={key}]")
    tab.wait(".saved[data-state=refused]")
    tab.press("button.go")
    assert tab.place == "/sign-in"
    tab.sign_in(person.user_name, PASSWORD)
    assert kept() == []
    tab.press("role=button[name='Send what I had filled in']")
    assert tab.place.endswith("/0/2")
    assert kept() == [[key]]


def test_next_sends_nothing_once_the_answer_is_saved(
    person: Person, tab: Window, right: RightAnswers, kept: Kept
) -> None:
    key = right(person)[1][0]
    posts: list[str] = []
    tab.page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    tab.page.check(f"[value={key}]")
    tab.wait(".saved[data-state=saved]")
    tab.press("button.go")
    assert tab.place.endswith("/0/2")
    assert len(posts) == 1
    assert kept() == [[key]]


def test_back_shows_the_answer_that_is_saved_though_another_tab_changed_it(
    person: Person, tab: Window, kept: Kept
) -> None:
    first = tab.place
    tab.choose(["a"])
    tab.press("button.go")
    other = tab.beside()
    other.open(first)
    other.choose(["b"])
    tab.page.go_back()
    tab.wait(".saved[data-state=saved]")
    assert tab.page.is_checked("[value=b]")
    tab.press("button.go")
    assert len(kept()) == 2, "nothing was put back to what this tab had before"


def test_a_tab_left_open_says_that_the_test_was_handed_in(
    make: Factory, person: Person, tab: Window
) -> None:
    attempt = make.rows(select(Attempt))[0]
    make.submit(attempt, person.id, at=clock.now())
    tab.tolerate("409")
    tab.page.check("[value=a]")
    tab.wait(".saved[data-state=handed]")
    assert "has been handed in" in tab.text(".saved")
    tab.press("button.go")
    assert tab.place == f"/attempts/{attempt.id}/result"
