"""What takes long about a course, done once for its content.

Checking computes it, so that publishing finds it ready and holds the write lock briefly.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from modules.catalogue import rules
from modules.catalogue.markup import render, targets
from modules.catalogue.written import (
    LANGUAGES,
    WrittenCourse,
)
from training.errors import Problem

MOST_KEPT = 8

Texts = Mapping[tuple[str, str, str], list[dict[str, str]]]


@dataclass(frozen=True)
class Prepared:
    """What is wrong with a course, and its texts by module, lesson and language."""

    problems: tuple[Problem, ...]
    texts: Texts


_kept: dict[tuple[str, str], Prepared] = {}


def prepare(course: WrittenCourse) -> Prepared:
    """Check a course and, when it is sound, render its lessons."""
    key = (course.folder, course.content_hash)
    if key not in _kept:
        problems = tuple(rules.course(course))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = Prepared(problems, {} if problems else _texts(course))
    return _kept[key]


def _texts(course: WrittenCourse) -> Texts:
    return {
        (module.slug, lesson.slug, language): render(
            lesson.texts[language].text or "", language, targets(module)
        )
        for module in course.modules
        for lesson in module.lessons
        for language in LANGUAGES
    }
