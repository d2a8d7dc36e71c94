"""What the boxes of a lesson must be: known, closed, not within each other, and complete."""

from collections.abc import Iterator, Sequence

from modules.catalogue.outline import BOXES, Block, first_line, options
from modules.catalogue.written import (
    SourceFile,
)
from training.errors import Problem

MINIMUM_OPTIONS = 2


def boxes(file: SourceFile, lines: Sequence[str], blocks: Sequence[Block]) -> Iterator[Problem]:
    """Yield what is wrong with the boxes of a lesson."""
    for block in blocks:
        for line, message, remedy in _block(block, lines):
            yield Problem(file.name, line, message, remedy)
    yield from _pairs(file, blocks)


def _block(block: Block, lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    yield from _within(block)
    if block.kind != "box":
        return
    yield from _name(block)
    if not _is_closed(block, lines):
        message = f"The box `{block.name}` is not closed."
        yield block.line, message, "End it with a line `:::`."
    if block.name == "referral" and block.inner:
        message = "A referral box is filled when it is shown, by the mission of the reader."
        yield block.line, message, "Leave nothing between its two lines."
    elif block.name == "check":
        yield from _check(block)
    elif block.name in BOXES and block.name != "referral" and not block.inner:
        yield block.line, f"The box `{block.name}` is empty.", "Write in it, or remove it."


def _within(block: Block) -> Iterator[tuple[int, str, str]]:
    for token in block.tokens[1:] if block.kind == "box" else block.tokens:
        if token.type == "container_box_open":
            name = token.info.strip()
            message = f"The box `{name}` stands within something else."
            remedy = "Close with `:::` what was opened before it, and leave no spaces before `:::`."
            yield first_line(token), message, remedy
        elif token.type == "inline" and token.content.lstrip().startswith(":::"):
            message = "A line `:::` closes nothing."
            yield first_line(token), message, "Remove it, or open its box with `::: name`."


def _name(block: Block) -> Iterator[tuple[int, str, str]]:
    known = BOXES.get(block.name)
    if known is None:
        message = f"There is no box `{block.name}`."
        yield block.line, message, f"The boxes are {', '.join(BOXES)}."
    elif known and block.words not in known:
        message = f"`{block.words}` is no category of people."
        yield block.line, message, f"Write `::: {block.name}` with {', '.join(sorted(known))}."
    elif block.words and not known:
        message = f"The box `{block.name}` takes no further words."
        yield block.line, message, f"Write only `::: {block.name}`."


def _is_closed(block: Block, lines: Sequence[str]) -> bool:
    closing = lines[block.end].strip() if block.end < len(lines) else ""
    return len(closing) >= len(block.tokens[0].markup) and set(closing) == {":"}


def _check(block: Block) -> Iterator[tuple[int, str, str]]:
    question, answers = options(block)
    remedy = "Write a paragraph, then a list: an option, an empty line, its feedback indented."
    if not question:
        yield block.line, "The check asks no question.", remedy
    if len(answers) < MINIMUM_OPTIONS:
        yield block.line, f"The check has {len(answers)} options.", remedy
    for answer in answers:
        if not answer.label:
            yield answer.line, "The option is empty.", remedy
        if not answer.feedback:
            yield answer.line, "The option has no feedback.", remedy


def _pairs(file: SourceFile, blocks: Sequence[Block]) -> Iterator[Problem]:
    """Pair notices and passages in order: the link in a notice leads past its passage."""
    waiting: Block | None = None
    for block in blocks:
        if block.name == "notice" and block.kind == "box":
            if waiting:
                yield _alone(file, waiting)
            waiting = block
        elif block.name == "sensitive" and block.kind == "box":
            if waiting is None:
                message = "No notice stands before this sensitive passage."
                remedy = "Warn with a `::: notice` box; each passage needs its own."
                yield Problem(file.name, block.line, message, remedy)
            waiting = None
    if waiting:
        yield _alone(file, waiting)


def _alone(file: SourceFile, notice: Block) -> Problem:
    message = "No sensitive passage follows this notice, so its link leads nowhere."
    remedy = "Put the passage into a `::: sensitive` box, or remove the notice."
    return Problem(file.name, notice.line, message, remedy)
