"""What a set of answers is worth. Pure: no database, no request, no clock."""

from collections.abc import Sequence
from typing import NamedTuple

from quizzes.attempts.models import Status

LAST_ROUND = 2


class Answer(NamedTuple):
    """One question with what is right and what was chosen; nothing chosen is wrong."""

    right: frozenset[str]
    chosen: frozenset[str]
    critical: bool

    @property
    def is_right(self) -> bool:
        """Tell whether exactly the right options were chosen: all or nothing."""
        return self.chosen == self.right


class Result(NamedTuple):
    """The worth of a round, and where the attempt stands after it."""

    score: int
    maximum: int
    critical_missed: int
    status: Status


def grade(answers: Sequence[Answer], *, pass_mark: int, round_: int) -> Result:
    """Grade a round: `pass_mark` is in per cent, round 0 is the test, 1 and 2 conduct checks.

    A test passes at the pass mark with every critical question right. The mark reached but a
    critical question missed leads to a conduct check, which passes with every question right
    and may be taken twice.
    """
    score = sum(answer.is_right for answer in answers)
    missed = sum(answer.critical and not answer.is_right for answer in answers)
    reached = round_ > 0 or 100 * score >= pass_mark * len(answers)
    if reached and not missed:
        status = Status.PASSED
    elif reached and round_ < LAST_ROUND:
        status = Status.CONDUCT_CHECK
    else:
        status = Status.FAILED
    return Result(score, len(answers), missed, status)
