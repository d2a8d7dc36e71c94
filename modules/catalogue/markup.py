"""Markdown of a lesson into clean parts of HTML, rendered once when it is published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from markdown_it.token import Token

from modules.catalogue.cleaning import clean
from modules.catalogue.outline import PARSER, Block, anchor, options, outline, picture
from modules.catalogue.written import WrittenModule

# Ids that the page around the lesson has already.
RESERVED = frozenset({"main", "content", "menu", "lesson"})
REFERRAL = {"kind": "referral", "html": ""}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "task": "In your task:",
        "military": "Military",
        "police": "Police",
        "civilian": "Civilian",
        "skip": "Skip the description",
        "end": "End of the description",
        "check": "Check yourself",
        "sources": "Sources",
    },
    "nl": {
        "task": "In je taak:",
        "military": "Militair",
        "police": "Politie",
        "civilian": "Civiel",
        "skip": "Sla de beschrijving over",
        "end": "Einde van de beschrijving",
        "check": "Test jezelf",
        "sources": "Bronnen",
    },
}


@dataclass(frozen=True)
class Targets:
    """What a lesson may point at: the lessons of its module, and its pictures' addresses."""

    lessons: frozenset[str]
    pictures: Mapping[str, str]


def targets(module: WrittenModule) -> Targets:
    """Return what the lessons of a module may point at."""
    pictures = module.pictures.items()
    return Targets(
        frozenset(lesson.slug for lesson in module.lessons),
        {name: f"/assets/{file.digest}.{file.suffix}" for name, file in pictures},
    )


def render(text: str, language: str, targets: Targets) -> list[dict[str, str]]:
    """Render a lesson as parts, cut at each referral box, which is filled when it is shown."""
    page = _Page(WORDS[language], targets)
    pieces = [page.block(block) for block in outline(text)]
    parts: list[dict[str, str]] = []
    for is_referral, run in groupby(pieces, key=lambda piece: piece is None):
        if is_referral:
            parts.extend(dict(REFERRAL) for _ in run)
        else:
            parts.append({"kind": "html", "html": clean("".join(filter(None, run)))})
    return [part for part in parts if part["html"] or part["kind"] == "referral"]


class _Page:
    """The state of one lesson while it is rendered: the ids given so far."""

    def __init__(self, words: Mapping[str, str], targets: Targets) -> None:
        self.words = words
        self.targets = targets
        self.taken = set(RESERVED)
        self.notices = 0
        self.passages = 0
        self.before = ""  # The name of the block that came before.

    def block(self, block: Block) -> str | None:
        """Return the HTML of a block, or nothing for the place of a referral box."""
        found = self.kind(block)
        self.before = block.name
        return found

    def kind(self, block: Block) -> str | None:
        """Return the HTML of a block by its kind."""
        if block.kind == "box":
            return None if block.name == "referral" else self.box(block)
        if block.kind == "heading":
            block.tokens[0].attrSet("id", anchor(block, self.taken))
        return self.html(block.tokens)

    def box(self, block: Block) -> str:
        """Return the HTML of a box; an unknown one is only its contents."""
        makers = {
            "key": self.key,
            "task": self.task,
            "notice": self.notice,
            "sensitive": self.sensitive,
            "check": self.check,
            "sources": self.sources,
        }
        make = makers.get(block.name)
        return make(block) if make else self.html(block.inner)

    def key(self, block: Block) -> str:
        """Return what must be remembered."""
        return f'<aside class="key" role="note">{self.html(block.inner)}</aside>'

    def task(self, block: Block) -> str:
        """Return what one category of people does with it."""
        label = f"{self.words['task']} {self.words.get(block.words, '')}".strip()
        return (
            f'<aside class="task" data-category="{escape(block.words)}" role="note">'
            f'<p class="label">{label}</p>{self.html(block.inner)}</aside>'
        )

    def notice(self, block: Block) -> str:
        """Return the warning, with a way past the passage it is about."""
        self.notices += 1
        skip = self.skip(self.notices)
        return f'<aside class="notice" role="note">{self.html(block.inner)}{skip}</aside>'

    def sensitive(self, block: Block) -> str:
        """Return the passage, with a way past it unless the notice just before it has that."""
        self.passages += 1
        target = _after(self.passages)
        skip = "" if self.before == "notice" else self.skip(self.passages)
        return (
            f'<section class="sensitive">{skip}{self.html(block.inner)}'
            f'</section><p class="after-sensitive" id="{target}" tabindex="-1">'
            f"{self.words['end']}</p>"
        )

    def skip(self, number: int) -> str:
        """Return the link past a passage."""
        return f'<p><a class="skip" href="#{_after(number)}">{self.words["skip"]}</a></p>'

    def check(self, block: Block) -> str:
        """Return a question whose options open to show what is to be said about them."""
        question, answers = options(block)
        folds = "".join(
            f"<details><summary>{self.html(answer.label)}</summary>"
            f"{self.html(answer.feedback)}</details>"
            for answer in answers
        )
        label = f'<p class="label">{self.words["check"]}</p>'
        return f'<section class="check">{label}{self.html(question)}{folds}</section>'

    def sources(self, block: Block) -> str:
        """Return where it is written."""
        heading = f"<h2>{self.words['sources']}</h2>"
        return f'<section class="sources">{heading}{self.html(block.inner)}</section>'

    def html(self, tokens: Sequence[Token]) -> str:
        """Return the HTML of some blocks, with their links and pictures resolved."""
        found: list[Token] = []
        for token in tokens:
            found.append(token)
            if picture(found[-3:]):
                found[-3:] = [self.figure(found[-2])]
        for token in found:
            self.resolve(token.children or ())
        return str(PARSER.renderer.render(found, PARSER.options, {}))

    def figure(self, paragraph: Token) -> Token:
        """Return the figure that a paragraph with only a picture becomes."""
        image = (paragraph.children or [])[0]
        address = escape(self.targets.pictures.get(str(image.attrGet("src")), ""))
        caption = escape(str(image.attrGet("title") or ""))
        figure = Token("html_block", "", 0)
        figure.content = (
            f'<figure><img src="{address}" alt="{escape(image.content)}">'
            f"<figcaption>{caption}</figcaption></figure>\n"
        )
        return figure

    def resolve(self, children: Iterable[Token]) -> None:
        """Give links and pictures the addresses that readers' browsers need."""
        for token in children:
            if token.type == "link_open":
                token.attrSet("href", self.address(str(token.attrGet("href") or "")))
            elif token.type == "image":
                token.attrSet("src", self.targets.pictures.get(str(token.attrGet("src")), ""))

    def address(self, href: str) -> str:
        """Return where a link leads; what leads nowhere known leads to this place itself."""
        slug = href.removeprefix("lesson:")
        if href.startswith("lesson:") and slug in self.targets.lessons:
            return slug
        return href if href.startswith(("https://", "#")) else "#"


def _after(number: int) -> str:
    return "after-sensitive" if number == 1 else f"after-sensitive-{number}"
