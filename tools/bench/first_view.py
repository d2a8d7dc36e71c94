"""What a browser with nothing in its cache loads for one lesson."""

import zlib
from dataclasses import dataclass

from tools.bench.browser import Answer
from tools.bench.page import Page
from tools.bench.scene import Scene, lesson_path


@dataclass(frozen=True)
class File:
    """One response: its path, its bytes on the wire, and what gzip would make of its body."""

    path: str
    size: int
    gzipped: int
    encoding: str


def load(scene: Scene) -> list[File]:
    """Open the first lesson and everything it asks for."""
    person = next(scene.material.readers)
    browser = scene.visitor(person)
    path = lesson_path(scene.material.population, person)
    page = browser.get(path)
    asked = Page(page.text).files
    return [_file("the lesson", page)] + [_file(_name(path), browser.get(path)) for path in asked]


def _name(path: str) -> str:
    return path.partition("?")[0].rpartition("/")[2]


def _file(name: str, answer: Answer) -> File:
    head = answer.size - len(answer.body)
    gzipped = head + min(len(zlib.compress(answer.body, 6)), len(answer.body))
    return File(name, answer.size, gzipped, answer.header("content-encoding") or "none")
