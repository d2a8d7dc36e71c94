"""What is taught has no French: a French page says in which language its titles are spoken."""

from collections.abc import Sequence
from html.parser import HTMLParser

from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import latest
from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from training import clock

VOID = {"input", "meta", "link", "br", "img", "hr"}


class Spoken(HTMLParser):
    """Every text of a page with the language a screen reader speaks it in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside: list[tuple[str, str]] = [("", "")]
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        if tag not in VOID:
            self.inside.append((tag, dict(attrs).get("lang") or self.inside[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        while self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note a text outside the head, where no language can be said of a title."""
        tag, language = self.inside[-1]
        if tag not in {"title", "option"}:
            self.texts.append(
                (" ".join(data.split()).replace("\N{NON-BREAKING HYPHEN}", "-"), language)
            )


def titles(course: PublishedCourse) -> set[str]:
    """Return every title in English, and the summaries."""
    modules = {text["en"] for m in course.modules for text in (m.title, m.summary)}
    lessons = {lesson.title["en"] for lesson in course.lessons}
    objectives = {objective.text["en"] for objective in course.objectives}
    return {course.title["en"], course.summary["en"]} | modules | lessons | objectives


def unmarked(page: Browser, course: PublishedCourse, paths: Sequence[str]) -> list[str]:
    """Return the English texts that pages do not say to be English."""
    known = titles(course)
    texts = [spoken for path in paths for spoken in Spoken(page.get(path).text).texts]
    found = [(text, code) for text, code in texts if text.lstrip(": ") in known]
    assert len(found) >= len(paths)
    return [text for text, code in found if code != "en"]


def test_a_title_in_english_is_marked_as_english_on_a_french_page(
    make: Factory, course: Course, session: Session, browser: Browsers
) -> None:
    person = make.person(language="fr")
    assigned, page = make.assignment(person, course), browser(person)
    published = latest(session, "core")
    assert published is not None
    here, first = f"/learn/{assigned.id}", published.lessons[0]
    lesson = f"{here}/lessons/{first.module_slug}/{first.slug}"
    session.commit()
    assert not unmarked(page, published, ["/", "/history/", f"{here}/", f"{here}/test", lesson])
    make.read_all(assigned)
    test = f"/attempts/{make.attempt(assigned, at=clock.now()).id}"
    assert not unmarked(page, published, [f"{test}/0/1", f"{test}/0/overview"])


def test_a_result_marks_what_is_said_in_english_on_a_french_page(
    make: Factory, course: Course, session: Session, browser: Browsers
) -> None:
    person, published = make.person(language="fr"), latest(session, "core")
    assert published is not None
    session.commit()
    assigned = make.assignment(person, course)
    make.read_all(assigned)
    attempt = make.attempt(assigned, at=clock.now())
    make.answer(attempt, person.id, wrong=9, at=clock.now())
    make.submit(attempt, person.id, at=clock.now())
    assert not unmarked(browser(person), published, ["/", f"/attempts/{attempt.id}/result"])
