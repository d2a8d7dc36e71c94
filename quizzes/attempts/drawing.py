"""Which questions an attempt gets: a pure function of bank, seed and what was seen before."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from modules.catalogue.published import PublishedObjective
from quizzes.bank.services import BankQuestion


class Drawn(NamedTuple):
    """A question of an attempt and the order in which its options are shown."""

    question_version_id: int
    option_order: tuple[str, ...]


def draw_test(
    bank: Sequence[BankQuestion],
    objectives: Iterable[PublishedObjective],
    seen: Mapping[int, int],
    seed: int,
) -> list[Drawn]:
    """Draw what each objective asks for, the least seen questions first, in mixed order."""
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    chosen: list[BankQuestion] = []
    for objective in objectives:
        chosen += _pick(bank, objective.code, True, objective.draw_critical, seen, chance)
        chosen += _pick(bank, objective.code, False, objective.draw_other, seen, chance)
    return _shuffled(chosen, chance)


def draw_conduct_check(
    bank: Sequence[BankQuestion],
    objectives: Iterable[PublishedObjective],
    seen: Mapping[int, int],
    seed: int,
) -> list[Drawn]:
    """Draw a set of critical questions only, as many as the test has of them."""
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    chosen: list[BankQuestion] = []
    for objective in objectives:
        chosen += _pick(bank, objective.code, True, objective.draw_critical, seen, chance)
    return _shuffled(chosen, chance)


def _pick(
    bank: Sequence[BankQuestion],
    objective: str,
    critical: bool,  # noqa: FBT001 - a private two-way choice
    number: int,
    seen: Mapping[int, int],
    chance: random.Random,
) -> list[BankQuestion]:
    fitting = [q for q in bank if q.objective == objective and q.critical == critical]
    chance.shuffle(fitting)
    fitting.sort(key=lambda question: seen.get(question.question_id, 0))
    return fitting[:number]


def _shuffled(chosen: list[BankQuestion], chance: random.Random) -> list[Drawn]:
    chance.shuffle(chosen)
    drawn = []
    for question in chosen:
        keys = [option["key"] for option in question.options]
        chance.shuffle(keys)
        drawn.append(Drawn(question.id, tuple(keys)))
    return drawn
