"""What a version may change of the one before: Z only words, Y content, X anything."""

from collections.abc import Iterator, Sequence

from modules.catalogue.models import CourseVersion
from modules.catalogue.published import PublishedCourse
from modules.catalogue.written import (
    WrittenCourse,
)
from training.errors import Problem


def number(course: WrittenCourse, earlier: Sequence[CourseVersion]) -> Iterator[Problem]:
    """Yield what is wrong with the number, given the published versions, newest first."""
    same = [row for row in earlier if (row.major, row.minor, row.patch) == course.numbers]
    if same and same[0].content_hash != course.content_hash:
        yield course.table.problem(
            "version",
            f"Version {course.version} is published already, with other content.",
            "Raise Z for wording, Y for content, X for a material change.",
        )
    newest = (earlier[0].major, earlier[0].minor, earlier[0].patch)
    if not same and course.numbers and course.numbers < newest:
        yield course.table.problem(
            "version",
            f"Version {course.version} is lower than {earlier[0].version}, which is published.",
            f"Give it a number above {earlier[0].version}.",
        )


def structure(course: WrittenCourse, newest: PublishedCourse) -> Iterator[Problem]:
    """Yield what a change of Z alone has changed besides wording."""
    if not is_wording_only(course, newest):
        return
    before, after = _structure(newest), _structure(course)
    changed = sorted(name for name in before.keys() | after if before.get(name) != after.get(name))
    if changed:
        yield course.table.problem(
            "version",
            f"Only Z was raised since {newest.version}, but this changed: {', '.join(changed)}.",
            "Raise Y: Z is for wording only.",
        )


def is_wording_only(course: WrittenCourse, newest: PublishedCourse) -> bool:
    """Tell whether the version differs from the newest published one in Z alone."""
    before = (newest.major, newest.minor, newest.patch)
    numbers = course.numbers
    return numbers is not None and numbers[:2] == before[:2] and numbers != before


def _structure(course: WrittenCourse | PublishedCourse) -> dict[str, object]:
    """Return what is not wording, under names an author knows."""
    found: dict[str, object] = {
        "pass_mark": course.pass_mark,
        "validity_months": course.validity_months,
        "test_first": course.test_first,
        "the order of the modules": [module.code for module in course.modules],
    }
    for module in course.modules:
        component = (module.component, module.component_months)
        found[f"module {module.code}"] = (module.slug, *component)
        found[f"the lessons of {module.code}"] = [
            (lesson.slug, lesson.objectives) for lesson in module.lessons
        ]
        for objective in module.objectives:
            draw = (objective.draw_critical, objective.draw_other)
            found[f"objective {objective.code}"] = (objective.bloom, *draw)
    return found
