"""The rows of a course version, made from its files. No statement is sent from here."""

from collections.abc import Iterable
from datetime import date, datetime

from modules.catalogue.models import (
    Approval,
    Asset,
    Course,
    CourseVersion,
    Lesson,
    LessonText,
    MayTestFirst,
    Module,
    Objective,
)
from modules.catalogue.prepared import Texts
from modules.catalogue.tables import Table
from modules.catalogue.written import (
    LANGUAGES,
    PICTURES,
    SourceFile,
    WrittenCourse,
    WrittenLesson,
    WrittenModule,
    WrittenObjective,
)


def version(written: WrittenCourse, course: Course, at: datetime, texts: Texts) -> CourseVersion:
    """Return a version of a course with its modules, objectives, lessons and texts."""
    major, minor, patch = written.numbers or (0, 0, 0)
    table = written.table
    return CourseVersion(
        course=course,
        major=major,
        minor=minor,
        patch=patch,
        title=table.texts("title"),
        summary=table.texts("summary"),
        pass_mark=written.pass_mark,
        validity_months=written.validity_months,
        test_first=MayTestFirst(written.test_first),
        content_hash=written.content_hash,
        published_at=at,
        approvals=_approvals(table, at),
        modules=[
            _module(number, module, texts) for number, module in enumerate(written.modules, 1)
        ],
    )


def _approvals(table: Table, at: datetime) -> list[Approval]:
    function, day = table.text("approved_by"), table.day("approved_on")
    if not function or day is None:
        return []
    return [Approval(function=function, approved_on=day, approved_at=at)]


def assets(courses: Iterable[WrittenCourse], kept: Iterable[str]) -> list[Asset]:
    """Return the pictures of some courses, each once, without those that are kept already."""
    wanted = {file.digest: file for file in pictures(courses)}
    return [
        Asset(digest=digest, media_type=PICTURES[file.suffix], data=file.data)
        for digest, file in wanted.items()
        if digest not in set(kept)
    ]


def pictures(courses: Iterable[WrittenCourse]) -> Iterable[SourceFile]:
    """Yield every picture of some courses."""
    for course in courses:
        for module in course.modules:
            yield from module.pictures.values()


def line(course: WrittenCourse) -> str:
    """Return what is said of a course once it is published."""
    modules = _count(len(course.modules), "module")
    lessons = _count(sum(len(module.lessons) for module in course.modules), "lesson")
    return f"{course.slug} {course.version}: {modules}, {lessons}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _module(number: int, written: WrittenModule, texts: Texts) -> Module:
    table = written.table
    return Module(
        position=number,
        code=written.code,
        slug=written.slug,
        title=table.texts("title"),
        summary=table.texts("summary"),
        minutes=table.whole("minutes"),
        component=written.component,
        component_months=written.component_months,
        objectives=[
            _objective(position, objective)
            for position, objective in enumerate(written.objectives, 1)
        ],
        lessons=[
            _lesson(position, lesson, written.slug, texts)
            for position, lesson in enumerate(written.lessons, 1)
        ],
    )


def _objective(number: int, written: WrittenObjective) -> Objective:
    return Objective(
        position=number,
        code=written.code,
        bloom=written.bloom,
        text=written.text,
        draw_critical=written.draw_critical,
        draw_other=written.draw_other,
    )


def _lesson(number: int, written: WrittenLesson, module: str, texts: Texts) -> Lesson:
    return Lesson(
        position=number,
        slug=written.slug,
        title=written.title,
        minutes=written.minutes,
        objectives=list(written.objectives),
        reviewed_on=written.reviewed_on or date.min,
        review_by=written.review_by or date.min,
        texts=[
            LessonText(language=language, parts=texts[module, written.slug, language])
            for language in LANGUAGES
        ],
    )
