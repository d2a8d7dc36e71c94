"""Whether something counts on a deployment: cases a trainer can read, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.requirements.validity import Accepted, Held, Rule, Span, Standing, Tour, judge

TOUR = Tour(7, date(2027, 3, 1), date(2027, 8, 31))
CORE, LEAD = 1, 2
START = Rule(1, (Accepted(CORE),))
THROUGH = Rule(1, (Accepted(CORE),), span=Span.TOUR)


@pytest.mark.parametrize(
    ("rule", "achieved", "until", "standing"),
    [
        (START, date(2026, 9, 1), date(2028, 9, 1), Standing.VALID),
        (START, date(2026, 9, 1), date(2027, 3, 1), Standing.LAPSES),  # The day of departure.
        (START, date(2026, 9, 1), date(2027, 2, 28), Standing.EXPIRED),
        (START, date(2026, 9, 1), date(2027, 8, 31), Standing.VALID),  # The last day of the tour.
        (START, date(2026, 9, 1), None, Standing.VALID),
        (THROUGH, date(2026, 9, 1), date(2027, 8, 31), Standing.VALID),
        (THROUGH, date(2026, 9, 1), date(2027, 8, 30), Standing.EXPIRES),
        (THROUGH, date(2026, 9, 1), date(2027, 2, 28), Standing.EXPIRED),
        (Rule(1, (Accepted(CORE, 181),)), date(2026, 9, 1), date(2028, 9, 1), Standing.VALID),
        (Rule(1, (Accepted(CORE, 180),)), date(2026, 9, 1), date(2028, 9, 1), Standing.TOO_OLD),
        (START, date(2027, 3, 2), date(2029, 3, 2), Standing.VALID),  # Achieved on the mission.
        (START, date(2027, 9, 1), date(2029, 9, 1), Standing.MISSING),  # After it was over.
    ],
)
def test_validity_is_judged_on_the_days_of_the_deployment(
    rule: Rule, achieved: date, until: date | None, standing: Standing
) -> None:
    assert judge(rule, TOUR, [Held(CORE, achieved, until)]).standing is standing


def test_a_leap_day_counts_as_the_last_day_it_is() -> None:
    tour = Tour(7, date(2028, 2, 29), date(2028, 8, 31))
    held = Held(CORE, date(2026, 2, 28), date(2028, 2, 29))
    assert judge(START, tour, [held]).standing is Standing.LAPSES
    earlier = Held(CORE, date(2026, 2, 28), date(2028, 2, 28))
    assert judge(START, tour, [earlier]).standing is Standing.EXPIRED


def test_what_is_achieved_after_the_start_is_marked_late() -> None:
    assert judge(START, TOUR, [Held(CORE, date(2027, 3, 2), None)]).late
    assert not judge(START, TOUR, [Held(CORE, date(2027, 3, 1), None)]).late


def test_a_component_is_judged_by_its_own_last_day() -> None:
    held = Held(CORE, date(2026, 9, 1), date(2028, 9, 1), {"conduct": date(2027, 2, 1)})
    conduct = Rule(1, (Accepted(CORE),), component="conduct")
    assert judge(START, TOUR, [held]).standing is Standing.VALID
    assert judge(conduct, TOUR, [held]).standing is Standing.EXPIRED


def test_another_course_may_stand_for_it_and_is_told_apart() -> None:
    rule = Rule(1, (Accepted(CORE), Accepted(LEAD, 365)))
    lead = Held(LEAD, date(2026, 9, 1), date(2028, 9, 1))
    assert judge(rule, TOUR, [lead]).stands_for
    core = Held(CORE, date(2026, 8, 1), date(2028, 8, 1))
    assert not judge(rule, TOUR, [lead, core]).stands_for
    assert judge(START, TOUR, [lead]).standing is Standing.MISSING


def test_a_mission_module_counts_only_for_the_deployment_it_was_completed_for() -> None:
    rule = Rule(1, (Accepted(CORE, 183),), per_deployment=True)
    other = Held(CORE, date(2027, 1, 1), None, deployment_id=6)
    own = Held(CORE, date(2027, 1, 1), None, deployment_id=7)
    assert judge(rule, TOUR, [other]).standing is Standing.MISSING
    assert judge(rule, TOUR, [own]).standing is Standing.VALID


days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
helds = st.lists(
    st.builds(
        lambda subject, achieved, lasts: Held(
            subject, achieved, None if lasts is None else achieved + timedelta(days=lasts)
        ),
        st.sampled_from([CORE, LEAD, 3]),
        days,
        st.none() | st.integers(0, 1500),
    ),
    max_size=6,
)
rules = st.builds(
    lambda accepted, span: Rule(1, tuple(accepted), span=span),
    st.lists(
        st.builds(Accepted, st.sampled_from([CORE, LEAD]), st.none() | st.integers(1, 900)),
        min_size=1,
        max_size=2,
    ),
    st.sampled_from(Span),
)


@given(rules, helds, st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_achieved_or_recorded_does_not_matter(
    rule: Rule, held: list[Held], random: object
) -> None:
    shuffled = list(held)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(rule, TOUR, held) == judge(rule, TOUR, shuffled)


@given(rules, helds, helds)
def test_holding_more_never_makes_it_worse(rule: Rule, some: list[Held], more: list[Held]) -> None:
    assert judge(rule, TOUR, some + more).standing >= judge(rule, TOUR, some).standing


@given(helds)
def test_what_is_asked_through_the_tour_is_never_met_sooner_than_on_the_start(
    held: list[Held],
) -> None:
    if judge(THROUGH, TOUR, held).standing.met:
        assert judge(START, TOUR, held).standing.met
