"""The words: found in lessons, told in the reader's language, and checked before publishing."""

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
def test_a_lesson_tells_its_words_in_the_language_it_is_read_in(
    browser: Browsers, person: Person, assignment: Assignment
) -> None:
    page, path = browser(person), LESSON.format(assignment.id)
    english = page.get(path).text
    assert "Words in this lesson" in english
    assert "Four principles: safety, confidentiality" in english
    dutch = page.get(f"{path}?in=nl").text
    assert "Vier beginselen: veiligheid" in dutch
    assert "Four principles" not in dutch
    assert "approche centrée" not in english


@pytest.mark.usefixtures("words")
def test_a_reader_of_the_french_interface_sees_the_french_word_beside_it(
    make: Factory, browser: Browsers, course: Course
) -> None:
    person = make.person(language="fr")
    page = browser(person)
    shown = page.get(LESSON.format(make.assignment(person, course).id)).text
    assert "approche centrée sur les survivant(e)s" in shown
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
    first = services.words_in(session, SHIPPED, 1, "en")
    del statements[:]
    assert services.words_in(session, SHIPPED, 1, "en") is first
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
