"""Which questions an attempt gets: a pure function of bank, seed and what was seen before."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from modules.catalogue.published import PublishedObjective
from quizzes.bank.services import BankQuestion

# By question, how often it was asked in this attempt and how often in the whole cycle. What was
# missed a moment ago comes back last of all, also when the bank has been round once already.
Seen = Mapping[int, tuple[int, int]]
NEVER = (0, 0)


class Drawn(NamedTuple):
    """A question of an attempt and the order in which its options are shown."""

    question_version_id: int
    option_order: tuple[str, ...]


def draw(
    bank: Sequence[BankQuestion],
    objectives: Iterable[PublishedObjective],
    seen: Seen,
    seed: int,
    *,
    check: bool = False,
) -> list[Drawn]:
    """Draw what each objective asks for, the least seen questions first, in mixed order.

    A conduct check has as many critical questions as the test, and no others.
    """
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    chosen: list[BankQuestion] = []
    for objective in objectives:
        chosen += _pick(bank, objective.code, True, objective.draw_critical, seen, chance)
        if not check:
            chosen += _pick(bank, objective.code, False, objective.draw_other, seen, chance)
    return _shuffled(chosen, chance)


def _pick(
    bank: Sequence[BankQuestion],
    objective: str,
    critical: bool,  # noqa: FBT001 - a private two-way choice
    number: int,
    seen: Seen,
    chance: random.Random,
) -> list[BankQuestion]:
    fitting = [q for q in bank if q.objective == objective and q.critical == critical]
    chance.shuffle(fitting)
    fitting.sort(key=lambda question: seen.get(question.question_id, NEVER))
    return fitting[:number]


def _shuffled(chosen: list[BankQuestion], chance: random.Random) -> list[Drawn]:
    chance.shuffle(chosen)
    drawn = []
    for question in chosen:
        keys = [option["key"] for option in question.options]
        chance.shuffle(keys)
        drawn.append(Drawn(question.id, tuple(keys)))
    return drawn
