"""The words: found in lessons, told in the reader's language, and checked before publishing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import modules
from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.glossary import files, services
from modules.glossary.files import Term
from modules.glossary.finding import occurring
from modules.glossary.marking import marked
from tests.conftest import Browsers
from tests.factories import Factory
from training import publishing
from training.accounts.models import Person

SHIPPED = Path(next(iter(modules.__path__))) / "curriculum"
LESSON = "/learn/{}/lessons/conduct/report-and-protect"
GOOD = """\
[[terms]]
term = { en = "mission", nl = "missie" }
french = "mission"
meaning = { en = "A group of people.", nl = "Een groep mensen." }

[[terms]]
term = { en = "survivor", nl = "overlevende" }
french = "survivant(e)"
meaning = { en = "Somebody.", nl = "Iemand." }
find = { en = ["survivor", "survivors"], nl = ["overlevenden"] }
"""


def term(english: str, *find: str) -> Term:
    """Return a term that is found by some words."""
    texts = {"en": english, "nl": english}
    return Term(texts, english, texts, dict.fromkeys(("en", "nl"), find or (english,)))


@pytest.fixture
def words(app: Flask) -> None:
    """Teach with the glossary that is shipped; the curriculum of the tests has none."""
    file = publishing_folder(app) / files.NAME
    file.write_bytes((SHIPPED / files.NAME).read_bytes())


def publishing_folder(app: Flask) -> Path:
    """Give the application a copy of its curriculum, and return it."""
    folder: Path = app.extensions["settings"].data / "curriculum"
    folder.mkdir(parents=True)
    app.extensions["settings"] = replace(app.extensions["settings"], curriculum=folder)
    return folder


@pytest.fixture
def person(make: Factory) -> Person:
    """Return a reader."""
    return make.person()


@pytest.fixture
def assignment(make: Factory, course: Course, person: Person) -> Assignment:
    """Return the reader's course."""
    return make.assignment(person, course)


@pytest.mark.usefixtures("words")
def test_a_lesson_tells_its_words_in_the_language_of_its_reader(
    make: Factory, browser: Browsers, course: Course, person: Person, assignment: Assignment
) -> None:
    path = LESSON.format(assignment.id)
    english = browser(person).get(path).text
    assert "Words in this lesson" in english
    assert "Four principles: safety, confidentiality" in english
    assert "approche centrée" not in english
    asked = browser(person).get(f"{path}?in=nl").text
    assert '<strong lang="en">survivor-centred approach</strong>' in asked
    assert "Four principles: safety, confidentiality" in asked
    reader = make.person(language="nl")
    dutch = browser(reader).get(LESSON.format(make.assignment(reader, course).id)).text
    assert "Vier beginselen: veiligheid" in dutch
    assert "Four principles" not in dutch


@pytest.mark.usefixtures("words")
def test_a_reader_of_the_french_interface_sees_the_french_word_with_the_lessons_meaning(
    make: Factory, browser: Browsers, course: Course
) -> None:
    person = make.person(language="fr")
    page = browser(person)
    shown = page.get(LESSON.format(make.assignment(person, course).id)).text
    assert '<strong lang="fr">approche centrée sur les survivant(e)s</strong>' in shown
    assert '<span lang="en">What the survivor needs' in shown
    assert "retaliation" in shown
    assert "représailles" in page.get("/glossary").text


@pytest.mark.usefixtures("words")
def test_all_words_are_listed(browser: Browsers, person: Person) -> None:
    shown = browser(person).get("/glossary").text
    assert shown.count("<tr>") == len(files.read(SHIPPED)) + 1


def test_a_curriculum_without_a_glossary_has_no_words(
    browser: Browsers, person: Person, assignment: Assignment
) -> None:
    page = browser(person)
    assert "Words in this lesson" not in page.get(LESSON.format(assignment.id)).text
    assert "no glossary yet" in page.get("/glossary").text


def test_words_are_looked_for_once_and_cost_a_page_no_statement(
    course: Course, session: Session, statements: list[str]
) -> None:
    first = services.lesson_with_words(session, SHIPPED, 1, "en", "en")
    del statements[:]
    assert services.lesson_with_words(session, SHIPPED, 1, "en", "en") is first
    assert statements == []


def test_only_whole_words_are_found_whatever_stands_around_them() -> None:
    parts = [{"kind": "html", "html": "<p>The <b>sexual\n exploitation</b>; no permission.</p>"}]
    found = occurring(
        [term("mission"), term("sexual exploitation"), term("SEA", "exploitation")], parts, "en"
    )
    assert [t.term["en"] for t in found] == ["SEA", "sexual exploitation"]


@pytest.mark.parametrize(("text", "number"), [("SEA is", 1), ("The sea is", 0)])
def test_an_abbreviation_is_found_in_capitals_only(text: str, number: int) -> None:
    parts = [{"kind": "html", "html": text}]
    assert len(occurring([term("SEA")], parts, "en")) == number


def buttons(html: str, *terms: Term) -> list[str]:
    """Return what became a button in a text."""
    (part,) = marked(terms, [{"kind": "html", "html": html}], "en", "en")
    alone = re.sub(r"<button[^>]*>|</button><span class.*?</span></span>", "", part["html"])
    assert re.sub(r'<span class="whole">([^<]*)</span>', r"\1", alone) == html
    return re.findall(r"<button[^>]*>(.*?)</button>", part["html"], re.DOTALL)


def test_the_longest_term_wins_and_nothing_within_it_is_marked() -> None:
    terms = (term("gender"), term("gender adviser"))
    text = "<p>A gender adviser and a gender adviser on gender.</p>"
    assert buttons(text, *terms) == ["gender adviser", "gender"]


def test_the_first_place_of_a_page_is_marked_as_it_is_written() -> None:
    text = "<p>Missions? A Mission, the mission; no permission.</p>"
    assert buttons(text, term("mission")) == ["Mission"]
    first, second = marked([term("mission")], [{"kind": "html", "html": "mission"}] * 2, "en", "en")
    assert "<button" in first["html"]
    assert second["html"] == "mission"


def test_a_form_is_marked_where_it_is_listed_and_over_the_end_of_a_line() -> None:
    patrol = term("mixed patrol", "mixed patrol", "mixed patrols")
    assert buttons("<li>two mixed\npatrols</li>", patrol) == ["mixed\npatrols"]


def test_of_the_words_by_which_a_term_is_found_only_the_term_is_marked() -> None:
    terms = (term("sex", "sex, gender", "by sex"), term("gender"))
    assert buttons("<p>Sex, gender; by sex.</p>", *terms) == ["Sex", "gender"]


def test_what_closes_a_phrase_stays_on_the_line_of_its_word() -> None:
    terms = (term("sex"), term("gender"))
    (part,) = marked(terms, [{"kind": "html", "html": "<p>Sex, gender and sex.</p>"}], "en", "en")
    assert re.match(r'<p><span class="whole"><button.*?</span></span>,</span> <b', part["html"])
    assert part["html"].endswith(" and sex.</p>")


def test_an_abbreviation_is_marked_in_capitals_only() -> None:
    assert buttons("<p>The sea and SEA.</p>", term("SEA")) == ["SEA"]


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "a", "summary", "code", "pre"])
def test_headings_links_and_code_are_left_alone(tag: str) -> None:
    text = f"<{tag}>The <em>mission</em></{tag}><p>A &amp; <em>mission</em><br></p>"
    assert buttons(text, term("mission")) == ["mission"]
    assert buttons(f"<{tag}>mission</{tag}>", term("mission")) == []


def test_what_stands_in_a_tag_is_no_text() -> None:
    assert buttons('<img src="a.svg" alt="a > mission">', term("mission")) == []


def test_a_meaning_cannot_break_the_page() -> None:
    (part,) = marked([term("a<b", "x")], [{"kind": "html", "html": "x"}], "en", "en")
    assert "a<b" not in part["html"]
    assert "a&lt;b" in part["html"]


def test_every_word_that_is_shipped_is_in_order_and_there_are_enough() -> None:
    assert list(files.problems(SHIPPED)) == []
    assert len(files.read(SHIPPED)) >= 25


@pytest.mark.parametrize(
    ("wrong", "right", "line", "message"),
    [
        (', nl = "Iemand." }', " }", 9, "no text in nl"),
        ('french = "mission"\n', "", 1, "`french` is missing"),
        ('"overlevende" }', '"Missie" }', 7, "exists already"),
        ('nl = ["overlevenden"]', 'nl = "overlevenden"', 10, "`nl` is not a list"),
        ("[[terms]]\nterm = { en", "[[words]]\nterm = { en", 1, "no key `words`"),
    ],
)
def test_a_mistake_in_the_glossary_is_named_with_its_line(
    app: Flask, wrong: str, right: str, line: int, message: str
) -> None:
    file = publishing_folder(app) / files.NAME
    assert wrong in GOOD
    file.write_text(GOOD.replace(wrong, right, 1), "utf-8")
    with app.app_context():
        found = publishing.validate()
    assert any((p.line, p.file) == (line, files.NAME) and message in p.message for p in found), (
        found
    )
