"""The structure of a lesson: its Markdown cut into headings, boxes and what lies between."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

# Words that a box may carry after its name; none means that it carries none.
BOXES: dict[str, frozenset[str]] = {
    "key": frozenset(),
    "task": frozenset({"military", "police", "civilian"}),
    "notice": frozenset(),
    "sensitive": frozenset(),
    "referral": frozenset(),
    "check": frozenset(),
    "sources": frozenset(),
}


def _parser(*, html: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": html, "typographer": False})
    container_plugin(parser, "box", validate=lambda words, _: bool(words.strip()))
    return parser


PARSER = _parser(html=False)
# Raw HTML is found by reading the text as if it were allowed.
_HTML_FINDER = _parser(html=True)


@dataclass(frozen=True)
class Block:
    """A heading, a box or another part of a lesson, from one line up to another."""

    kind: str  # "heading", "box" or "other".
    name: str  # "h2", the name of the box, or the type of the token.
    words: str  # What follows the name of a box.
    line: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def inner(self) -> tuple[Token, ...]:
        """Return the tokens between the opening and the closing one."""
        return self.tokens[1:-1]


@dataclass(frozen=True)
class Option:
    """An answer of a check and what is said about it."""

    line: int
    label: tuple[Token, ...]
    feedback: tuple[Token, ...]


def outline(text: str) -> tuple[Block, ...]:
    """Cut a lesson into its blocks."""
    return tuple(_block(group) for group in groups(PARSER.parse(text)))


def groups(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each block that is not within another one."""
    begin, depth = 0, 0
    for number, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tuple(tokens[begin : number + 1])
            begin = number + 1


def options(box: Block) -> tuple[tuple[Token, ...], tuple[Option, ...]]:
    """Return what stands before the list of a check, and the options in the list."""
    question: list[Token] = []
    found: list[Option] = []
    for group in groups(box.inner):
        if group[0].type == "bullet_list_open":
            found.extend(_option(item) for item in groups(group[1:-1]))
        else:
            question.extend(group)
    return tuple(question), tuple(found)


def raw_html(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of everything that would be HTML."""
    for token in _HTML_FINDER.parse(text):
        line = first_line(token)
        if token.type == "html_block":
            yield line, token.content.strip().split("\n")[0]
        for child in token.children or ():
            if child.type == "html_inline":
                yield line, child.content


def first_line(token: Token) -> int:
    """Return the line a block begins on, counted from one."""
    return token.map[0] + 1 if token.map else 1


def plain(tokens: Sequence[Token]) -> str:
    """Return the words of some blocks without their markup."""
    pieces = (child for token in tokens for child in token.children or (token,))
    return " ".join(" ".join(piece.content for piece in pieces).split())


def anchor(heading: Block, taken: set[str]) -> str:
    """Return an id for a heading that no other part of the page has, and take it."""
    title = unicodedata.normalize("NFKD", plain(heading.inner)).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "part"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def picture(group: Sequence[Token]) -> Token | None:
    """Return the picture that fills a paragraph, if these tokens are such a paragraph."""
    types = [token.type for token in group]
    is_paragraph = types == ["paragraph_open", "inline", "paragraph_close"]
    children = (group[1].children or []) if is_paragraph else []
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def _block(group: tuple[Token, ...]) -> Block:
    opening = group[0]
    line, end = opening.map or (0, 0)
    if opening.type == "container_box_open":
        name, _, words = opening.info.strip().partition(" ")
        return Block("box", name, words.strip(), line + 1, end, group)
    kind = "heading" if opening.type == "heading_open" else "other"
    return Block(kind, opening.tag, "", line + 1, end, group)


def _option(item: tuple[Token, ...]) -> Option:
    blocks = list(groups(item[1:-1]))
    if not blocks or blocks[0][0].type != "paragraph_open":
        return Option(first_line(item[0]), (), tuple(item[1:-1]))
    rest = tuple(token for block in blocks[1:] for token in block)
    return Option(first_line(item[0]), blocks[0][1:-1], rest)
