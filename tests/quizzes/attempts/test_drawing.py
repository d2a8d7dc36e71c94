"""Which questions an attempt gets: as many as asked, the least seen first, the same each time."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from modules.catalogue.published import PublishedObjective
from quizzes.attempts.drawing import NEVER, Drawn, Seen, draw
from quizzes.bank.models import Kind
from quizzes.bank.services import BankQuestion

DRAWS = {"C1": (1, 1), "C2": (0, 3), "C3": (2, 0)}
OBJECTIVES = [
    PublishedObjective(i, code, "apply", {}, critical, other)
    for i, (code, (critical, other)) in enumerate(DRAWS.items())
]
KEYS = "abcd"
SEEDS = st.integers(0, 2**31 - 1)


def _question(number: int, objective: str, *, critical: bool) -> BankQuestion:
    options = tuple({"key": key, "right": key == "a", "text": {}, "feedback": {}} for key in KEYS)
    return BankQuestion(
        id=1000 + number,
        question_id=number,
        code=f"q{number}",
        objective=objective,
        bloom="apply",
        critical=critical,
        kind=Kind.SINGLE,
        text={},
        options=options,
    )


BANK = [
    _question(number, code, critical=critical)
    for number, (code, critical) in enumerate(
        [(code, critical) for code in DRAWS for critical in (True, False) for _ in range(8)]
    )
]
BY_VERSION = {question.id: question for question in BANK}
CRITICAL_PER_ROUND = sum(critical for critical, _ in DRAWS.values())
SEEN = st.dictionaries(
    st.sampled_from([q.question_id for q in BANK]), st.tuples(st.integers(0, 3), st.integers(0, 5))
)


def _questions(drawn: Sequence[Drawn]) -> list[BankQuestion]:
    return [BY_VERSION[item.question_version_id] for item in drawn]


def _kinds(drawn: Sequence[Drawn]) -> Counter[tuple[str, bool]]:
    return Counter((q.objective, q.critical) for q in _questions(drawn))


@given(seed=SEEDS, seen=SEEN)
def test_the_same_seed_draws_the_same_test(seed: int, seen: Seen) -> None:
    assert draw(BANK, OBJECTIVES, seen, seed) == draw(BANK, OBJECTIVES, seen, seed)


@given(seed=SEEDS, seen=SEEN)
def test_each_objective_gets_exactly_what_it_asks_for(seed: int, seen: Seen) -> None:
    drawn = draw(BANK, OBJECTIVES, seen, seed)
    wanted = Counter({(c, kind): n for c, draw in DRAWS.items() for kind, n in _both(draw)})
    assert _kinds(drawn) == +wanted
    assert len({item.question_version_id for item in drawn}) == len(drawn)


def _both(draw: tuple[int, int]) -> list[tuple[bool, int]]:
    return [(True, draw[0]), (False, draw[1])]


@given(seed=SEEDS, seen=SEEN)
def test_a_conduct_check_has_the_critical_questions_only(seed: int, seen: Seen) -> None:
    drawn = draw(BANK, OBJECTIVES, seen, seed, check=True)
    assert _kinds(drawn) == Counter({("C1", True): 1, ("C3", True): 2})


@given(seed=SEEDS, seen=SEEN)
def test_every_option_is_shown_once(seed: int, seen: Seen) -> None:
    for item in draw(BANK, OBJECTIVES, seen, seed):
        assert sorted(item.option_order) == list(KEYS)


@given(seed=SEEDS, seen=SEEN)
def test_the_least_seen_questions_come_first(seed: int, seen: Seen) -> None:
    chosen = _questions(draw(BANK, OBJECTIVES, seen, seed))
    left = [q for q in BANK if q not in chosen]
    for taken in chosen:
        for spared in left:
            if (taken.objective, taken.critical) == (spared.objective, spared.critical):
                assert seen.get(taken.question_id, NEVER) <= seen.get(spared.question_id, NEVER)


@given(seed=SEEDS)
def test_a_test_and_two_checks_show_no_critical_question_twice(seed: int) -> None:
    seen: Counter[int] = Counter()
    for round_ in range(3):
        here = {number: (times, times) for number, times in seen.items()}
        drawn = draw(BANK, OBJECTIVES, here, seed + round_, check=round_ > 0)
        seen.update(q.question_id for q in _questions(drawn))
    critical = {q.question_id for q in BANK if q.critical}
    assert sum(times for number, times in seen.items() if number in critical) == (
        3 * CRITICAL_PER_ROUND
    )
    assert max(seen.values()) == 1


@given(seed=SEEDS)
def test_a_check_asks_what_earlier_attempts_asked_before_what_this_attempt_asked(
    seed: int,
) -> None:
    here = {q.question_id: (1, 1) for q in BANK[:3]}
    before = {q.question_id: (0, 2) for q in BANK[3:]}
    drawn = draw(BANK, OBJECTIVES, here | before, seed, check=True)
    assert not {q.question_id for q in _questions(drawn)} & here.keys()


def test_questions_and_options_are_mixed() -> None:
    drawn = [draw(BANK, OBJECTIVES, {}, seed) for seed in range(40)]
    first = {_questions(test)[0].objective for test in drawn}
    assert first == set(DRAWS)
    assert {item.option_order[0] for test in drawn for item in test} == set(KEYS)
    assert len({tuple(item.question_version_id for item in test) for test in drawn}) > 30
