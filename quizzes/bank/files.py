"""The questions as they are written beside the lessons, read into frozen dataclasses."""

from dataclasses import dataclass

from modules.catalogue.tables import Table, parse
from modules.catalogue.written import (
    WrittenCourse,
    WrittenModule,
)

QUESTIONS = "questions.toml"
KEYS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class WrittenOption:
    """An answer that can be chosen, and what is said about it afterwards."""

    table: Table
    right: bool
    text: dict[str, str]
    feedback: dict[str, str]


@dataclass(frozen=True)
class WrittenQuestion:
    """A question with its options in the author's order."""

    table: Table
    code: str
    objective: str
    bloom: str
    critical: bool
    kind: str
    text: dict[str, str]
    options: tuple[WrittenOption, ...]

    @property
    def rights(self) -> tuple[bool, ...]:
        """Return which options are right, in order."""
        return tuple(option.right for option in self.options)


@dataclass(frozen=True)
class WrittenBank:
    """The questions of one module."""

    module: WrittenModule
    table: Table
    questions: tuple[WrittenQuestion, ...]


def read(course: WrittenCourse) -> tuple[WrittenBank, ...]:
    """Read the questions of every module of a course."""
    return tuple(_bank(module) for module in course.modules)


def _bank(module: WrittenModule) -> WrittenBank:
    file = module.file(QUESTIONS)
    table = parse(f"{module.folder}/{QUESTIONS}", file.readable if file else "")
    questions = tuple(_question(entry) for entry in table.tables("questions"))
    return WrittenBank(module, table, questions)


def _question(table: Table) -> WrittenQuestion:
    return WrittenQuestion(
        table=table,
        code=table.text("id"),
        objective=table.text("objective"),
        bloom=table.text("bloom"),
        critical=table.flag("critical"),
        kind=table.text("type"),
        text=table.texts("text"),
        options=tuple(
            WrittenOption(entry, entry.flag("right"), entry.texts("text"), entry.texts("feedback"))
            for entry in table.tables("options")
        ),
    )
