"""What the questions of a course must be before they are published."""

from collections import Counter
from collections.abc import Iterable, Iterator

from modules.catalogue.rules import BLOOM, repeated
from modules.catalogue.shape import FLAG, TABLES, TEXT, TEXTS, Shape, check, one_of, optional
from modules.catalogue.written import (
    LANGUAGES,
    WrittenObjective,
)
from quizzes.bank.files import KEYS, WrittenBank, WrittenQuestion
from quizzes.bank.models import Kind
from training.errors import Problem

MINIMUM_OPTIONS = 3
# For every question drawn: a new conduct check must not repeat the one before.
CRITICAL_PER_DRAWN = 4
OTHER_PER_DRAWN = 3
# Four options by chance give 25 %; above this share, length gives the answer away.
LONGEST_SHARE = 0.45

BANK: Shape = {"questions": TABLES}
QUESTION: Shape = {
    "id": TEXT,
    "objective": TEXT,
    "bloom": one_of(BLOOM),
    "critical": FLAG,
    "type": one_of([kind.value for kind in Kind]),
    "text": TEXTS,
    "options": TABLES,
}
OPTION: Shape = {"right": optional(FLAG), "text": TEXTS, "feedback": TEXTS}


def problems(banks: Iterable[WrittenBank]) -> Iterator[Problem]:
    """Yield everything that is wrong with the questions of a course."""
    banks = list(banks)
    yield from repeated(
        [(q.table, "id", q.code) for bank in banks for q in bank.questions], "question"
    )
    for bank in banks:
        if bank.module.file("module.toml") and not bank.module.table.fault:
            yield from _bank(bank)


def _bank(bank: WrittenBank) -> Iterator[Problem]:
    yield from check(bank.table, BANK)
    if bank.table.fault:
        return
    objectives = {objective.code: objective for objective in bank.module.objectives}
    for question in bank.questions:
        yield from _question(question, objectives)
    for objective in bank.module.objectives:
        yield from _size(bank, objective)
    yield from _longest(bank)
    yield from _same_text(bank)


def _question(
    question: WrittenQuestion, objectives: dict[str, WrittenObjective]
) -> Iterator[Problem]:
    table = question.table
    yield from check(table, QUESTION)
    objective = objectives.get(question.objective)
    if objective is None and question.objective:
        message = f"There is no objective `{question.objective}` in this module."
        yield table.problem("objective", message, f"Known: {', '.join(sorted(objectives))}.")
    elif objective:
        yield from _never_drawn(question, objective)
    for option in question.options:
        yield from check(option.table, OPTION)
    yield from _rights(question)
    yield from _identical(question)


def _never_drawn(question: WrittenQuestion, objective: WrittenObjective) -> Iterator[Problem]:
    drawn = objective.draw_critical if question.critical else objective.draw_other
    if not drawn:
        kind = "critical" if question.critical else "other"
        yield question.table.problem(
            "critical",
            f"The objective `{objective.code}` draws no {kind} questions.",
            f"Change `critical`, or `{kind}` in the `draw` of the objective.",
        )


def _rights(question: WrittenQuestion) -> Iterator[Problem]:
    table, right, total = question.table, sum(question.rights), len(question.options)
    if not MINIMUM_OPTIONS <= total <= len(KEYS):
        message = f"The question has {total} options."
        yield table.problem("id", message, f"Give it {MINIMUM_OPTIONS} or more.")
    if right == 0:
        message = "No option is right."
        yield table.problem("id", message, "Write `right = true` in the one that is.")
    elif question.kind == Kind.SINGLE.value and right > 1:
        message = f"{right} options are right, and only one can be chosen."
        yield table.problem("type", message, 'Keep one, or write `type = "multiple"`.')
    elif question.kind == Kind.MULTIPLE.value and right == 1:
        message = "One option is right, where several can be chosen."
        yield table.problem("type", message, 'Add another, or write `type = "single"`.')


def _identical(question: WrittenQuestion) -> Iterator[Problem]:
    for language in LANGUAGES:
        seen: set[str] = set()
        for option in question.options:
            text = _plain(option.text.get(language, ""))
            if text and text in seen:
                message = f"Two options are identical in {language}."
                yield option.table.problem("text", message, "Change or remove one of them.")
            seen.add(text)


def _size(bank: WrittenBank, objective: WrittenObjective) -> Iterator[Problem]:
    own = [q.critical for q in bank.questions if q.objective == objective.code]
    for kind, drawn, factor, found in (
        ("critical", objective.draw_critical, CRITICAL_PER_DRAWN, own.count(True)),
        ("other", objective.draw_other, OTHER_PER_DRAWN, own.count(False)),
    ):
        if found < drawn * factor:
            message = f"`{objective.code}` draws {drawn} {kind} and has {found} such questions."
            remedy = f"Write {drawn * factor - found} more: {factor} for each that is drawn."
            yield bank.table.problem("", message, remedy)


def _longest(bank: WrittenBank) -> Iterator[Problem]:
    """Report a bank in which the longest option is right too often, in any language."""
    singles = [q for q in bank.questions if q.kind == Kind.SINGLE.value]
    for language in LANGUAGES:
        found = [q.code for q in singles if _right_is_longest(q, language)]
        if len(found) > LONGEST_SHARE * len(singles):
            share = round(100 * len(found) / len(singles))
            message = f"In {language} the right option is the longest in {share} % of questions."
            remedy = f"Shorten it, or lengthen another, in some of: {', '.join(found)}."
            yield bank.table.problem("", message, remedy)


def _right_is_longest(question: WrittenQuestion, language: str) -> bool:
    right = [len(o.text.get(language, "")) for o in question.options if o.right]
    wrong = [len(o.text.get(language, "")) for o in question.options if not o.right]
    return len(right) == 1 and bool(wrong) and right[0] > max(wrong)


def _same_text(bank: WrittenBank) -> Iterator[Problem]:
    for language in LANGUAGES:
        counts = Counter(_plain(q.text.get(language, "")) for q in bank.questions)
        for question in bank.questions:
            text = _plain(question.text.get(language, ""))
            if text and counts[text] > 1:
                message = f"Another question has the same text in {language}."
                yield question.table.problem("text", message, "Change or remove one of them.")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
