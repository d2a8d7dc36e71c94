"""What holds for every file of a course: its name, its size and the bytes in it."""

import html
from collections.abc import Iterator

from modules.catalogue.characters import forbidden
from modules.catalogue.files import LESSON_NAME
from modules.catalogue.picture_rules import picture
from modules.catalogue.written import (
    COURSE_TABLE,
    LANGUAGES,
    MODULE_TABLE,
    PICTURES,
    SourceFile,
    WrittenCourse,
    WrittenModule,
)
from training.errors import Problem

MAXIMUM = 200_000
QUESTIONS = "questions.toml"
TEXTS = ("toml", "md", "svg")


def course(written: WrittenCourse) -> Iterator[Problem]:
    """Yield what is wrong with the files of a course."""
    if not any(file.name == f"{written.folder}/{COURSE_TABLE}" for file in written.files):
        name = f"{written.folder}/{COURSE_TABLE}"
        yield Problem(name, 1, "The course has no course.toml.", "Write it, or remove the folder.")
    for file in written.files:
        yield from _bytes(file)
        if file.name.count("/") == 1 and file.base != COURSE_TABLE:
            yield _unexpected(file, f"Here stand only {COURSE_TABLE} and folders of modules.")
    for module in written.modules:
        yield from _module(module)


def _bytes(file: SourceFile) -> Iterator[Problem]:
    if len(file.data) > MAXIMUM:
        size = f"The file has {len(file.data) // 1000} kB."
        yield Problem(file.name, 1, size, f"Bring it under {MAXIMUM // 1000} kB.")
    if file.suffix not in TEXTS:
        return
    if file.text is None:
        yield Problem(file.name, _bad_line(file), "This is not UTF-8.", "Save the file as UTF-8.")
        return
    for number, line in enumerate(file.text.split("\n"), 1):
        # An entity is as good as the character it stands for.
        for name in forbidden(html.unescape(line) if file.suffix == "md" else line):
            message = f"The line holds the character {name}."
            yield Problem(file.name, number, message, "Remove it.")


def _bad_line(file: SourceFile) -> int:
    try:
        file.data.decode()
    except UnicodeDecodeError as error:
        return file.data.count(b"\n", 0, error.start) + 1
    return 1


def _module(module: WrittenModule) -> Iterator[Problem]:
    if module.file(MODULE_TABLE) is None:
        name = f"{module.folder}/{MODULE_TABLE}"
        yield Problem(name, 1, "The module has no module.toml.", "Write it, or remove the folder.")
        return
    slugs = {lesson.slug for lesson in module.lessons}
    for file in module.files:
        if file.name != f"{module.folder}/{file.base}":
            yield _unexpected(file, "A module has no folders within it.")
        elif file.suffix in PICTURES:
            yield from picture(file)
        elif file.base not in (MODULE_TABLE, QUESTIONS) and not module.table.fault:
            yield from _lesson_name(file, slugs)


def _lesson_name(file: SourceFile, slugs: set[str]) -> Iterator[Problem]:
    name = LESSON_NAME.fullmatch(file.base)
    if name is None:
        yield _unexpected(
            file,
            f"Here stand {MODULE_TABLE}, {QUESTIONS}, NN-<slug>.<language>.md "
            f"and pictures ({', '.join(PICTURES)}).",
        )
    elif name["language"] not in LANGUAGES:
        yield _unexpected(file, f"Lessons are written in {' and '.join(LANGUAGES)}.")
    elif name["slug"] not in slugs:
        yield _unexpected(file, f"Add the lesson `{name['slug']}` to {MODULE_TABLE} or rename it.")


def _unexpected(file: SourceFile, why: str) -> Problem:
    return Problem(file.name, 1, "This file does not belong here.", f"Remove it. {why}")
