"""What stands within the lines of a lesson: links that lead somewhere, pictures that speak."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from modules.catalogue.markup import RESERVED, Targets
from modules.catalogue.outline import Block, anchor, picture
from modules.catalogue.written import SourceFile
from training.errors import Problem

# What is left of a link or picture that was not understood, or whose address is not allowed.
LEFTOVER_LINK = re.compile(r"\]\([^)]*\)?")


def inlines(
    file: SourceFile, text: str, blocks: tuple[Block, ...], targets: Targets
) -> Iterator[Problem]:
    """Yield what is wrong with the links and pictures of a lesson."""
    taken = set(RESERVED)
    anchors = {f"#{anchor(block, taken)}" for block in blocks if block.kind == "heading"}
    lines = text.split("\n")
    for group in _paragraphs(blocks):
        alone = picture(group)
        for child in group[1].children or ():
            line = _line(group[0], lines, child)
            for message, remedy in _inline(child, alone, targets, anchors):
                yield Problem(file.name, line, message, remedy)


def _inline(
    token: Token, alone: Token | None, targets: Targets, anchors: set[str]
) -> Iterator[tuple[str, str]]:
    if token.type == "link_open":
        href = str(token.attrGet("href") or "")
        lessons = {f"lesson:{slug}" for slug in targets.lessons}
        if href not in lessons | anchors and not href.startswith("https://"):
            yield (
                f"The link to `{href}` leads nowhere.",
                "Link to `lesson:<slug>` in this module, a heading here, or an https:// address.",
            )
    elif token.type == "image":
        yield from _picture(token, alone, targets)
    elif token.type == "text" and (left := LEFTOVER_LINK.search(token.content)):
        yield (
            f"This is no link that can be used: `{left[0]}`.",
            "Write `[words](address)` without spaces in the address, to a lesson or https://.",
        )


def _picture(token: Token, alone: Token | None, targets: Targets) -> Iterator[tuple[str, str]]:
    name = str(token.attrGet("src") or "")
    if name not in targets.pictures:
        yield f"The picture `{name}` is missing.", "Put it into the folder of the module."
    if not token.content.strip():
        yield (
            f"The picture `{name}` has no description.",
            "Say between the brackets what it shows, for who cannot see it.",
        )
    if not str(token.attrGet("title") or "").strip():
        yield (
            f"The picture `{name}` has no caption.",
            'Write it in quotes after the name: ![…](name.svg "Caption").',
        )
    if alone is None:
        yield f"The picture `{name}` stands within a text.", "Give it a paragraph of its own."


def _paragraphs(blocks: tuple[Block, ...]) -> Iterator[tuple[Token, ...]]:
    """Yield everything that holds words, with the tokens around it."""
    for block in blocks:
        tokens = block.tokens
        for number, token in enumerate(tokens):
            if token.type == "inline":
                yield tokens[number - 1 : number + 2]


def _line(opening: Token, lines: list[str], child: Token) -> int:
    """Return the line of a link or picture within its paragraph."""
    needle = str(child.attrGet("href") or child.attrGet("src") or child.content[:20])
    first, last = opening.map or (0, 0)
    found = (number for number in range(first, last) if needle and needle in lines[number])
    return next(found, first) + 1
