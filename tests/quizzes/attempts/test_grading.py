"""What a round is worth: the pass mark, the critical questions, and where the attempt goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.grading import LAST_ROUND, Answer, grade
from quizzes.attempts.models import Status

RIGHT = frozenset({"a"})


def answers(right: int, wrong: int, *, critical: int = 0, missed: int = 0) -> list[Answer]:
    """Return so many answers to other questions and to critical ones."""
    return [
        *[Answer(RIGHT, RIGHT, critical=False)] * right,
        *[Answer(RIGHT, frozenset({"b"}), critical=False)] * wrong,
        *[Answer(RIGHT, RIGHT, critical=True)] * critical,
        *[Answer(RIGHT, frozenset({"b"}), critical=True)] * missed,
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "critical", "missed", "status"),
    [
        (10, 0, 0, 0, Status.PASSED),
        (8, 2, 0, 0, Status.PASSED),  # The mark itself is enough.
        (7, 3, 0, 0, Status.FAILED),
        (4, 2, 4, 0, Status.PASSED),
        (3, 3, 4, 0, Status.FAILED),
        (6, 0, 3, 1, Status.CONDUCT_CHECK),
        (6, 0, 2, 2, Status.CONDUCT_CHECK),  # 80 % exactly, two critical ones missed.
        (6, 0, 1, 3, Status.FAILED),  # Below the mark there is no conduct check.
        (5, 1, 2, 2, Status.FAILED),
        (0, 10, 0, 0, Status.FAILED),
    ],
)
def test_a_test_is_passed_at_the_mark_with_every_critical_question_right(
    right: int, wrong: int, critical: int, missed: int, status: Status
) -> None:
    given_ = answers(right, wrong, critical=critical, missed=missed)
    result = grade(given_, pass_mark=80, round_=0)
    assert result.status is status
    assert (result.score, result.maximum) == (right + critical, 10)
    assert result.critical_missed == missed


@pytest.mark.parametrize(
    ("right", "wrong", "mark", "passed"),
    [
        (5, 1, 83, True),  # 83.3 %
        (5, 1, 84, False),
        (2, 1, 66, True),  # 66.7 %: nothing is rounded up or down.
        (2, 1, 67, False),
        (199, 1, 100, False),
        (200, 0, 100, True),
    ],
)
def test_the_mark_is_compared_without_rounding(
    right: int, wrong: int, mark: int, *, passed: bool
) -> None:
    result = grade(answers(right, wrong), pass_mark=mark, round_=0)
    assert (result.status is Status.PASSED) is passed


@pytest.mark.parametrize(
    ("round_", "missed", "status"),
    [
        (1, 0, Status.PASSED),
        (1, 1, Status.CONDUCT_CHECK),
        (1, 4, Status.CONDUCT_CHECK),  # The mark was reached in the test: it is not asked again.
        (2, 0, Status.PASSED),
        (2, 1, Status.FAILED),
    ],
)
def test_a_conduct_check_needs_everything_right_and_comes_twice_at_most(
    round_: int, missed: int, status: Status
) -> None:
    check = answers(0, 0, critical=4 - missed, missed=missed)
    assert grade(check, pass_mark=80, round_=round_).status is status


@pytest.mark.parametrize(
    ("chosen", "is_right"),
    [("ac", True), ("a", False), ("abc", False), ("", False), ("bd", False), ("ab", False)],
)
def test_a_question_with_several_right_options_is_all_or_nothing(
    chosen: str, *, is_right: bool
) -> None:
    assert Answer(frozenset("ac"), frozenset(chosen), critical=False).is_right is is_right


def test_a_question_left_blank_is_wrong() -> None:
    blank = [Answer(RIGHT, frozenset(), critical=True)]
    result = grade([*answers(9, 0), *blank], pass_mark=80, round_=0)
    assert (result.score, result.critical_missed) == (9, 1)
    assert result.status is Status.CONDUCT_CHECK


ANSWERS = st.lists(
    st.builds(
        Answer,
        right=st.frozensets(st.sampled_from("abcd"), min_size=1),
        chosen=st.frozensets(st.sampled_from("abcd")),
        critical=st.booleans(),
    ),
    min_size=1,
    max_size=20,
)


@given(given_=ANSWERS, mark=st.integers(1, 100), round_=st.integers(0, LAST_ROUND))
def test_nobody_passes_with_a_critical_question_missed(
    given_: list[Answer], mark: int, round_: int
) -> None:
    result = grade(given_, pass_mark=mark, round_=round_)
    assert 0 <= result.score <= result.maximum == len(given_)
    assert result.critical_missed <= result.maximum - result.score
    if result.status is Status.PASSED:
        assert not any(a.critical and a.chosen != a.right for a in given_)
        assert round_ or 100 * result.score >= mark * result.maximum
    if result.status is Status.CONDUCT_CHECK:
        assert result.critical_missed
        assert round_ < LAST_ROUND


@given(given_=ANSWERS, mark=st.integers(1, 100), at=st.integers(0, 19))
def test_one_more_right_answer_never_makes_a_result_worse(
    given_: list[Answer], mark: int, at: int
) -> None:
    better = list(given_)
    better[at % len(given_)] = better[at % len(given_)]._replace(
        chosen=given_[at % len(given_)].right
    )
    order = [Status.FAILED, Status.CONDUCT_CHECK, Status.PASSED]
    before = grade(given_, pass_mark=mark, round_=0).status
    after = grade(better, pass_mark=mark, round_=0).status
    assert order.index(after) >= order.index(before)
