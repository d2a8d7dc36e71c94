"""How ready somebody is on a day: cases a trainer can read, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.readiness.judging import Reason, State, Verdict, Work, overall, verdict
from modules.requirements.validity import Judgement, Standing, Tour

START = date(2027, 3, 1)
TOUR = Tour(7, START, date(2027, 8, 31))
NONE = Judgement(Standing.MISSING)
LONG_BEFORE = START - timedelta(days=60)
ENOUGH = Work(START - timedelta(days=10), 90)


@pytest.mark.parametrize(
    ("judgement", "work", "day", "state", "reason"),
    [
        (Judgement(Standing.VALID), None, LONG_BEFORE, State.READY, Reason.MET),
        (Judgement(Standing.LAPSES), None, LONG_BEFORE, State.READY, Reason.REFRESHER),
        (Judgement(Standing.VALID, late=True), None, START, State.READY, Reason.MET_LATE),
        (NONE, ENOUGH, LONG_BEFORE, State.ON_SCHEDULE, Reason.UNDER_WAY),
        (NONE, None, LONG_BEFORE, State.AT_RISK, Reason.NOT_ASSIGNED),
        (NONE, Work(None, 90), LONG_BEFORE, State.ON_SCHEDULE, Reason.UNDER_WAY),
        (NONE, Work(None, 3601), LONG_BEFORE, State.AT_RISK, Reason.TOO_MUCH),
        (NONE, Work(None, 28_801), LONG_BEFORE, State.NOT_READY, Reason.IMPOSSIBLE),
        (NONE, Work(None, 90, blocked=True), LONG_BEFORE, State.AT_RISK, Reason.BLOCKED),
        (NONE, ENOUGH, START - timedelta(days=9), State.AT_RISK, Reason.OVERDUE),
        (NONE, Work(None, 9), START - timedelta(days=15), State.ON_SCHEDULE, Reason.UNDER_WAY),
        (NONE, Work(None, 9), START - timedelta(days=14), State.AT_RISK, Reason.SOON),
        (NONE, Work(None, 9), START - timedelta(days=1), State.AT_RISK, Reason.SOON),
        (NONE, ENOUGH, START, State.NOT_READY, Reason.DEPARTED),
        (Judgement(Standing.EXPIRES), ENOUGH, START, State.NOT_READY, Reason.DEPARTED),
        (Judgement(Standing.TOO_OLD), None, LONG_BEFORE, State.AT_RISK, Reason.NOT_ASSIGNED),
    ],
)
def test_each_requirement_is_in_one_of_five_states_for_one_reason(
    judgement: Judgement, work: Work | None, day: date, state: State, reason: Reason
) -> None:
    assert verdict(judgement, TOUR, work, day=day) == Verdict(
        state, reason, trained=judgement.standing.met
    )


def test_a_waiver_counts_through_its_last_day_and_then_ends_by_itself() -> None:
    def on(day: date) -> State:
        return verdict(NONE, TOUR, ENOUGH, day=day, waived_until=date(2027, 3, 10)).state

    assert on(date(2027, 3, 10)) is State.WAIVED
    assert on(date(2027, 3, 11)) is State.NOT_READY


def test_a_mission_module_that_nobody_wrote_is_not_the_fault_of_those_who_go() -> None:
    found = verdict(NONE, TOUR, None, day=LONG_BEFORE, written=False)
    assert (found.state, found.reason) == (State.ON_SCHEDULE, Reason.NOT_WRITTEN)


def test_a_person_is_as_ready_as_the_least_of_what_is_required() -> None:
    met = Verdict(State.READY, Reason.MET, trained=True)
    waived = Verdict(State.WAIVED, Reason.WAIVED, trained=False)
    risk = Verdict(State.AT_RISK, Reason.SOON, trained=False)
    assert overall([]) is State.READY
    assert overall([met, waived]) is State.WAIVED
    assert overall([waived, risk, met]) is State.AT_RISK


judgements = st.builds(Judgement, st.sampled_from(Standing), late=st.booleans())
works = st.none() | st.builds(
    Work, st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 9000)
)


@given(judgements, works, st.dates(), st.dates())
def test_a_waiver_never_changes_what_counts_as_trained(
    judgement: Judgement, work: Work | None, day: date, until: date
) -> None:
    without = verdict(judgement, TOUR, work, day=day)
    with_it = verdict(judgement, TOUR, work, day=day, waived_until=until)
    assert without.trained is with_it.trained is judgement.standing.met


@given(judgements, works, st.dates(date(2026, 1, 1), date(2029, 1, 1)))
def test_who_does_nothing_never_gets_readier_by_waiting(
    judgement: Judgement, work: Work | None, day: date
) -> None:
    today = verdict(judgement, TOUR, work, day=day)
    tomorrow = verdict(judgement, TOUR, work, day=day + timedelta(days=1))
    assert tomorrow.state <= today.state
