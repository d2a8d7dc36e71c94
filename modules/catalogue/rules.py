"""What a course must be before it is published; every mistake is reported at once."""

from collections import Counter
from collections.abc import Iterable, Iterator

from modules.catalogue import file_rules, lesson_rules
from modules.catalogue.files import LESSON_NAME
from modules.catalogue.markup import targets
from modules.catalogue.models import MayTestFirst
from modules.catalogue.shape import (
    DAY,
    SLUG_KIND,
    TABLE,
    TABLES,
    TEXT,
    TEXTS,
    VERSION_KIND,
    WORDS,
    Kind,
    Shape,
    check,
    one_of,
    optional,
    whole,
)
from modules.catalogue.tables import Table
from modules.catalogue.written import (
    MODULE_TABLE,
    WrittenCourse,
    WrittenModule,
)
from training.errors import Problem

BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
LESSON_MINUTES = 10
MONTHS = whole(1, 120)

COURSE: Shape = {
    "slug": SLUG_KIND,
    "version": VERSION_KIND,
    "pass_mark": whole(1, 100),
    "validity_months": MONTHS,
    "test_first": optional(one_of(list(MayTestFirst))),
    "title": TEXTS,
    "summary": TEXTS,
    "approved_by": optional(TEXT),
    "approved_on": optional(DAY),
}
MODULE: Shape = {
    "id": TEXT,
    "slug": SLUG_KIND,
    "minutes": whole(1, 480),
    "component": optional(SLUG_KIND),
    "component_months": optional(MONTHS),
    "title": TEXTS,
    "summary": TEXTS,
    "objectives": TABLES,
    "lessons": TABLES,
}
OBJECTIVE: Shape = {"id": TEXT, "bloom": one_of(BLOOM), "text": TEXTS, "draw": TABLE}
DRAW: Shape = {"critical": whole(0, 20), "other": whole(0, 20)}
LESSON: Shape = {
    "slug": SLUG_KIND,
    "minutes": Kind("a whole number above 0", lambda value: type(value) is int and value > 0),
    "objectives": WORDS,
    "reviewed_on": DAY,
    "review_by": DAY,
    "title": TEXTS,
}


def among(courses: Iterable[WrittenCourse]) -> Iterator[Problem]:
    """Yield what is wrong between courses: each needs a slug of its own."""
    yield from repeated([(course.table, "slug", course.slug) for course in courses], "course")


def course(written: WrittenCourse) -> Iterator[Problem]:
    """Yield everything that is wrong with the files of a course."""
    yield from file_rules.course(written)
    if any(file.name == written.table.file for file in written.files):
        yield from check(written.table, COURSE)
        yield from _together(written.table, "approved_by", "approved_on")
    if not written.modules:
        remedy = "Add a folder NN-<slug> with a module.toml."
        yield written.table.problem("", "The course has no module.", remedy)
    yield from _unique(written)
    for module in written.modules:
        if module.file(MODULE_TABLE):
            yield from _module(module)


def repeated(entries: Iterable[tuple[Table, str, str]], thing: str) -> Iterator[Problem]:
    """Yield a problem for each id that was used before; empty ones are reported elsewhere."""
    seen: Counter[str] = Counter()
    for table, key, value in entries:
        seen[value] += 1
        if value and seen[value] > 1:
            message = f"The {thing} `{value}` exists already."
            yield table.problem(key, message, f"Give this {thing} another {key}.")


def _unique(course: WrittenCourse) -> Iterator[Problem]:
    modules = course.modules
    yield from repeated([(m.table, "id", m.code) for m in modules], "module")
    yield from repeated([(m.table, "slug", m.slug) for m in modules], "module")
    objectives = [(o.table, "id", o.code) for m in modules for o in m.objectives]
    yield from repeated(objectives, "objective")
    for module in modules:
        yield from repeated([(x.table, "slug", x.slug) for x in module.lessons], "lesson")


def _module(module: WrittenModule) -> Iterator[Problem]:
    yield from check(module.table, MODULE)
    if module.table.fault:
        return
    yield from _together(module.table, "component", "component_months")
    name = module.folder.rpartition("/")[2]
    if module.slug and not (name[:2].isdigit() and name[2:] == f"-{module.slug}"):
        message = f"The folder of the module `{module.slug}` is called {name}."
        yield module.table.problem("slug", message, f"Call it NN-{module.slug}.")
    yield from _objectives(module)
    yield from _lessons(module)
    yield from _order(module)


def _together(table: Table, one: str, other: str) -> Iterator[Problem]:
    present = [key for key in (one, other) if key in table.values]
    if len(present) == 1:
        message = f"`{one}` and `{other}` go together, and only `{present[0]}` is here."
        yield table.problem(present[0], message, "Write both or neither.")


def _objectives(module: WrittenModule) -> Iterator[Problem]:
    taught = {code for lesson in module.lessons for code in lesson.objectives}
    for objective in module.objectives:
        table = objective.table
        yield from check(table, OBJECTIVE)
        if isinstance(table.values.get("draw"), dict):
            yield from check(table.table("draw"), DRAW, at="draw")
        if objective.code and not objective.code.startswith(f"{module.code}."):
            message = f"The objective `{objective.code}` is not named after its module."
            yield table.problem("id", message, f"Call it `{module.code}.` and a number.")
        if objective.code and objective.code not in taught:
            message = f"No lesson teaches the objective `{objective.code}`."
            yield table.problem("id", message, "Name it in the `objectives` of a lesson.")


def _lessons(module: WrittenModule) -> Iterator[Problem]:
    known = {objective.code for objective in module.objectives}
    places = targets(module)
    for lesson in module.lessons:
        table = lesson.table
        yield from check(table, LESSON)
        if lesson.minutes > LESSON_MINUTES:
            message = f"The lesson takes {lesson.minutes} minutes."
            yield table.problem("minutes", message, f"Split it: {LESSON_MINUTES} is the most.")
        for code in lesson.objectives:
            if code not in known:
                message = f"There is no objective `{code}` in this module."
                yield table.problem("objectives", message, f"Known: {', '.join(sorted(known))}.")
        if lesson.reviewed_on and lesson.review_by and lesson.review_by <= lesson.reviewed_on:
            message = "`review_by` is not after `reviewed_on`."
            yield table.problem("review_by", message, "Set the day of the next review.")
        if lesson.slug:
            yield from lesson_rules.lesson(lesson, places)


def _order(module: WrittenModule) -> Iterator[Problem]:
    """Compare the numbers before the file names with the order in module.toml."""
    prefixes: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    for file in module.files:
        if name := LESSON_NAME.fullmatch(file.base):
            prefixes.setdefault(name["slug"], set()).add(name["prefix"])
            if (name["slug"], name["language"]) in seen:
                message = f"The lesson `{name['slug']}` has two files in {name['language']}."
                yield Problem(file.name, 1, message, "Remove one of them.")
            seen.add((name["slug"], name["language"]))
    above = ""
    for lesson in module.lessons:
        numbers = prefixes.get(lesson.slug, set())
        if len(numbers) > 1 or (numbers and min(numbers) <= above):
            message = f"The files of `{lesson.slug}` have the numbers {', '.join(sorted(numbers))}."
            remedy = "Number all languages alike, in the order of the lessons in module.toml."
            yield lesson.table.problem("slug", message, remedy)
        above = max(numbers | {above})
