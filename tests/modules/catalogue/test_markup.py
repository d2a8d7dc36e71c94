"""Markdown becomes the HTML that was agreed, and nothing that could act."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.catalogue import lesson_rules
from modules.catalogue.markup import Targets, render
from modules.catalogue.tables import Table
from modules.catalogue.written import LANGUAGES, SourceFile, WrittenLesson
from tests.modules.catalogue.writing import TEXT

TARGETS = Targets(frozenset({"beta"}), {"lines.svg": "/assets/" + "a" * 64 + ".svg"})
VOID = {"img", "br", "hr"}


def html(text: str, language: str = "en") -> str:
    return "".join(part["html"] for part in render(text, language, TARGETS))


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether all of them are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_lesson_is_cut_at_its_referral_box() -> None:
    parts = render(TEXT, "en", TARGETS)
    assert [part["kind"] for part in parts] == ["html", "referral", "html"]
    assert parts[1]["html"] == ""
    assert all(not Elements(part["html"]).open for part in parts)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("::: key\nA.\n:::", '<aside class="key" role="note"><p>A.</p>\n</aside>'),
        (
            "::: check\nQ?\n\n- A.\n\n  B.\n:::",
            (
                '<section class="check"><p class="label">Check yourself</p><p>Q?</p>\n'
                "<details><summary>A.</summary><p>B.</p>\n</details></section>"
            ),
        ),
        (
            "::: sources\n- S.\n:::",
            '<section class="sources"><h2>Sources</h2><ul>\n<li>S.</li>\n</ul>\n</section>',
        ),
        ("[x](lesson:beta)", '<p><a href="beta">x</a></p>'),
        ("[x](https://un.test/a)", '<p><a href="https://un.test/a">x</a></p>'),
        (
            '![D.](lines.svg "C.")',
            (
                f'<figure><img src="/assets/{"a" * 64}.svg" alt="D.">'
                "<figcaption>C.</figcaption></figure>"
            ),
        ),
    ],
)
def test_each_part_of_the_format_has_its_html(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize(
    ("language", "label"), [("en", "In your task: Police"), ("nl", "In je taak: Politie")]
)
def test_a_task_names_its_people_in_the_language_of_the_lesson(language: str, label: str) -> None:
    found = html("::: task police\nDo it.\n:::", language)
    assert f'data-category="police" role="note"><p class="label">{label}</p>' in found


@pytest.mark.parametrize(("between", "links_to_each"), [("", 1), ("Words.\n\n", 2)])
def test_one_link_leads_past_a_passage_and_a_second_one_when_it_does_not_follow_at_once(
    between: str, links_to_each: int
) -> None:
    boxes = f"::: notice\nN.\n:::\n\n{between}::: sensitive\nS.\n:::\n\n"
    found = Elements(html(boxes * 2, "nl")).found
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    anchors = [attributes["id"] for tag, attributes in found if attributes.get("tabindex") == "-1"]
    assert anchors == ["after-sensitive", "after-sensitive-2"]
    assert links == [f"#{anchor}" for anchor in anchors for _ in range(links_to_each)]


def test_headings_get_ids_that_no_other_part_of_the_page_has() -> None:
    found = re.findall(r'id="([^"]*)"', html("## Één rol\n\n## Één rol\n\n## Main\n\n## ☂\n"))
    assert found == ["een-rol", "een-rol-2", "main-2", "part"]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "text <img src=x onerror=alert(1)> text",
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zz4= 'y')",
        '![" onerror="alert(1)](lines.svg "\\" onload=\\"alert(1)")',
        "[x](//evil.test 'onclick=alert(1)')",
        "<javascript:alert(1)>",
        '::: task military" onclick="alert(1)\nA.\n:::',
        '::: key" onclick="alert(1)\nA.\n:::',
        "::: check\n<b onclick=alert(1)>\n\n- <svg/onload=alert(1)>\n:::",
        "## <img src=x onerror=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_attempts_to_act_end_harmless(source: str) -> None:
    harmless(html(source))


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_text_makes_it_raise_or_lets_a_script_through(text: str) -> None:
    harmless(html(text))


PIECES = [
    *("::: key\n", "::: task police\n", "::: notice\n", "::: sensitive\n", "::: check\n"),
    *("::: sources\n", "::: referral\n", ":::\n", "::::\n", "::: x\n", "\n", "- a\n", "  b\n"),
    *("<script>", "</script>", "<b onclick=x>", "## h\n", "> ", "    ", "1. ", "```\n", "***"),
    *("![a](lines.svg 'b')", "[a](javascript:b)", "[a](lesson:beta)", "<https://a.test>", "\\"),
    *("\t", "\0", "\r", "&lt;script&gt;", "&#60;script>", "[a]: b\n", "[a]", "|", "---\n"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_mixture_of_markup_makes_it_raise_or_lets_a_script_through(text: str) -> None:
    harmless(html(text, "nl"))
    file = SourceFile("a.md", text.encode())
    texts = dict.fromkeys(LANGUAGES, file)
    lesson = WrittenLesson(Table("module.toml"), "a", {}, 5, (), None, None, texts)
    assert all(problem.line >= 1 for problem in lesson_rules.lesson(lesson, TARGETS))


def harmless(found: str) -> None:
    assert "<script" not in found.lower()
    for tag, attributes in Elements(found).found:
        assert tag != "style"
        assert attributes.keys() <= {
            *("href", "id", "class", "role", "data-category", "tabindex", "src", "alt", "start"),
        }
        assert re.fullmatch(r"beta|#.*|https://.*", attributes.get("href") or "#", re.DOTALL)
        assert attributes.get("src", "") in {"", TARGETS.pictures["lines.svg"]}
