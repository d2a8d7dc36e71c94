"""What a rule asks, and by when: the dates follow the departure and come to rest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.requirements.validity import Accepted, Held, Rule, Span, Tour
from modules.requirements.wants import Cannot, Want, cannot, earliest, moved, want

TODAY = date(2027, 1, 4)
DAY = timedelta(days=1)
TOUR = Tour(7, date(2027, 3, 1), date(2027, 8, 31))
RULE = Rule(1, (Accepted(5),))
THROUGH = Rule(1, (Accepted(5),), span=Span.TOUR)


def asked(starts_on: date, days_before: int = 30, lapses_on: date | None = None) -> Want:
    """Return that a rule asks something of somebody who leaves on a day."""
    return Want(1, 5, 7, starts_on, days_before, lapses_on, now=True)


starts = st.dates(date(2026, 6, 1), date(2028, 6, 1))
wanted = st.lists(st.builds(asked, starts, st.integers(1, 200)), min_size=1, max_size=3)


@given(wanted, st.none() | starts, st.integers(0, 400))
def test_a_date_that_was_moved_is_not_moved_again_the_days_after(
    wants: list[Want], current: date | None, ago: int
) -> None:
    assigned_on = TODAY - ago * DAY
    first = moved(wants, current, assigned_on, TODAY)
    for day in range(30):
        assert moved(wants, first, assigned_on, TODAY + day * DAY) == first


@given(starts, st.integers(1, 200), st.integers(0, 400))
def test_moving_a_departure_leaves_nobody_less_than_two_days(
    starts_on: date, before: int, ago: int
) -> None:
    current = TODAY + 300 * DAY
    due = moved([asked(starts_on, before)], current, TODAY - ago * DAY, TODAY)
    if starts_on > TODAY + 2 * DAY and TODAY - ago * DAY < starts_on:
        assert TODAY + 2 * DAY <= due < starts_on


def test_the_earliest_of_several_rules_wins() -> None:
    late, early = asked(TODAY + 90 * DAY), asked(TODAY + 80 * DAY)
    assert earliest([late, early], TODAY) == early


def test_nothing_is_asked_of_whoever_holds_it_or_has_come_back() -> None:
    held = Held(5, TODAY, date(2029, 1, 1))
    assert want(RULE, 30, TOUR, [held], lambda: held, TODAY) is None
    assert want(RULE, 30, TOUR, [], lambda: held, TOUR.ends_on + DAY) is None
    assert want(RULE, 30, TOUR, [], lambda: held, TOUR.ends_on) is not None


def test_what_can_never_last_through_the_tour_is_given_once_and_not_for_ever() -> None:
    until = TOUR.ends_on - DAY
    held, fresh = Held(5, TODAY - DAY, until), Held(5, TODAY, until)
    again = want(THROUGH, 30, TOUR, [held], lambda: fresh, TODAY)
    assert again is not None
    assert not again.now
    first = want(THROUGH, 30, TOUR, [], lambda: fresh, TODAY)
    assert first is not None
    assert first.now


@pytest.mark.parametrize(
    ("rule", "starts_on", "minutes", "reason"),
    [
        (RULE, TODAY + DAY, 480, Cannot.NOTHING),
        (RULE, TODAY + DAY, 481, Cannot.TOO_LATE),
        (RULE, TODAY, 10, Cannot.DEPARTED),
        (RULE, TODAY - DAY, 10, Cannot.DEPARTED),
        (THROUGH, TODAY + DAY, 10, Cannot.ENDS),
    ],
)
def test_why_somebody_can_never_meet_a_rule(
    rule: Rule, starts_on: date, minutes: int, reason: Cannot
) -> None:
    tour = Tour(7, starts_on, starts_on + 200 * DAY)
    last = Held(5, max(starts_on, TODAY), starts_on + 100 * DAY)
    assert cannot(rule, tour, last, minutes, TODAY) is reason
