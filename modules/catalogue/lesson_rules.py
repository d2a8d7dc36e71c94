"""What the text of a lesson must be: headings, length, sources, and parallel languages."""

from collections.abc import Iterator

from modules.catalogue.box_rules import boxes
from modules.catalogue.inline_rules import inlines
from modules.catalogue.markup import Targets
from modules.catalogue.outline import (
    Block,
    first_line,
    groups,
    options,
    outline,
    picture,
    plain,
    raw_html,
)
from modules.catalogue.written import (
    LANGUAGES,
    SourceFile,
    WrittenLesson,
)
from training.errors import Problem

MAXIMUM_WORDS = 1_600


def lesson(written: WrittenLesson, targets: Targets) -> Iterator[Problem]:
    """Yield what is wrong with the texts of a lesson."""
    outlines: dict[str, tuple[Block, ...]] = {}
    for language in LANGUAGES:
        file = written.texts.get(language)
        if file is None:
            name = f"NN-{written.slug}.{language}.md"
            message = f"The lesson `{written.slug}` has no text in {language}."
            yield written.table.problem("slug", message, f"Write it as {name}.")
        elif file.text is not None:
            # Markdown takes a lone return for a line end, and so does its count of lines.
            text = file.text.replace("\r", "\n")
            outlines[language] = outline(text)
            yield from _text(file, text, outlines[language], targets)
    if len(outlines) == len(LANGUAGES):
        yield from _parallel(written, outlines)


def _text(
    file: SourceFile, text: str, blocks: tuple[Block, ...], targets: Targets
) -> Iterator[Problem]:
    for line, html in raw_html(text):
        message = f"The line holds HTML: {html[:40]}"
        yield Problem(file.name, line, message, "Write it in Markdown, or `&lt;` for a <.")
    yield from _headings(file, blocks)
    yield from boxes(file, text.split("\n"), blocks)
    yield from inlines(file, text, blocks, targets)
    words = sum(len(plain(block.tokens).split()) for block in blocks)
    if words > MAXIMUM_WORDS:
        message = f"The lesson has {words} words, more than ten minutes of reading."
        yield Problem(file.name, 1, message, f"Bring it to {MAXIMUM_WORDS}, or make two lessons.")
    if not any(block.name == "sources" for block in blocks):
        last = text.rstrip().count("\n") + 1
        message = "The lesson names no sources."
        yield Problem(file.name, last, message, "End it with a `::: sources` box.")


def _headings(file: SourceFile, blocks: tuple[Block, ...]) -> Iterator[Problem]:
    above = 1
    for block in blocks:
        inner = block.inner if block.kind != "heading" else ()
        for token in inner:
            if token.type == "heading_open":
                message = "A heading stands within a box, a list or a quotation."
                yield Problem(
                    file.name, first_line(token), message, "Move it out, or use **bold**."
                )
        if block.kind != "heading":
            continue
        level = int(block.name[1])
        if level == 1:
            message = "A heading of the first level: that is the title in module.toml."
            yield Problem(file.name, block.line, message, "Begin with `##`.")
        elif level > above + 1 or level > 4:  # noqa: PLR2004 - deeper ones have no style
            message = f"A heading of level {level} follows one of level {above}."
            yield Problem(file.name, block.line, message, "Skip no level; `##` to `####` exist.")
        above = max(level, 1)


def _parallel(written: WrittenLesson, outlines: dict[str, tuple[Block, ...]]) -> Iterator[Problem]:
    """Compare the skeletons: what differs in one language was forgotten in the other."""
    first, *others = LANGUAGES
    model = list(_skeleton(outlines[first]))
    for language in others:
        mine = list(_skeleton(outlines[language]))
        pair = _difference(model, mine)
        if pair is None:
            continue
        (line, wanted), (place, found) = pair
        yield Problem(
            written.texts[language].name,
            place,
            f"Here stands {found}, where the text in {first} has {wanted} (line {line}).",
            "Give both texts the same headings, boxes, pictures and options in the same order.",
        )


def _difference(
    model: list[tuple[int, str]], mine: list[tuple[int, str]]
) -> tuple[tuple[int, str], tuple[int, str]] | None:
    for wanted, found in zip(model, mine, strict=False):
        if wanted[1] != found[1]:
            return wanted, found
    if len(model) == len(mine):
        return None
    end = (mine or [(1, "")])[-1][0]
    if len(model) > len(mine):
        return model[len(mine)], (end, "nothing more")
    return ((model or [(1, "")])[-1][0], "nothing more"), mine[len(model)]


def _skeleton(blocks: tuple[Block, ...]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        if block.kind == "heading":
            yield block.line, f"a heading of level {block.name[1]}"
        elif block.kind == "box":
            count = f" with {len(options(block)[1])} options" if block.name == "check" else ""
            yield block.line, f"a box `{f'{block.name} {block.words}'.strip()}`{count}"
        elif any(picture(group) for group in groups(block.tokens)):
            yield block.line, "a picture"
