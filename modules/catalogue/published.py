"""Published courses as values: frozen, free of the session, the same for every reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from modules.catalogue import models


@dataclass(frozen=True)
class PublishedObjective:
    """What a learner can do afterwards, and how many questions the test asks of it."""

    id: int
    code: str
    bloom: str
    text: Mapping[str, str]
    draw_critical: int
    draw_other: int


@dataclass(frozen=True)
class PublishedLesson:
    """A lesson without its text; `objectives` holds codes, `position` counts from one."""

    id: int
    module_id: int
    module_slug: str
    position: int
    slug: str
    title: Mapping[str, str]
    minutes: int
    objectives: tuple[str, ...]
    reviewed_on: date
    review_by: date


@dataclass(frozen=True)
class PublishedModule:
    """A module with its objectives and lessons in order."""

    id: int
    position: int
    code: str
    slug: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    minutes: int
    component: str | None
    component_months: int | None
    objectives: tuple[PublishedObjective, ...]
    lessons: tuple[PublishedLesson, ...]

    @property
    def always_read(self) -> bool:
        """Tell whether nobody may skip its lessons: what expires on its own, such as conduct."""
        return self.component is not None


@dataclass(frozen=True)
class PublishedCourse:
    """A course version with all its modules; `id` is that of the version."""

    id: int
    course_id: int
    slug: str
    major: int
    minor: int
    patch: int
    title: Mapping[str, str]
    summary: Mapping[str, str]
    pass_mark: int
    validity_months: int
    test_first: models.MayTestFirst
    modules: tuple[PublishedModule, ...]

    @property
    def version(self) -> str:
        """Return X.Y.Z as it is printed."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def partial(self) -> bool:
        """Tell whether this is a 0.x version, which does not have all its modules yet."""
        return self.major == 0

    @property
    def lessons(self) -> tuple[PublishedLesson, ...]:
        """Return the lessons of all modules in the order of reading."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def objectives(self) -> tuple[PublishedObjective, ...]:
        """Return the objectives of all modules in order."""
        return tuple(objective for module in self.modules for objective in module.objectives)

    @property
    def minutes(self) -> int:
        """Return how long all modules take together."""
        return sum(module.minutes for module in self.modules)


def course(row: models.CourseVersion) -> PublishedCourse:
    """Return a version whose course, modules, objectives and lessons are loaded."""
    return PublishedCourse(
        id=row.id,
        course_id=row.course_id,
        slug=row.course.slug,
        major=row.major,
        minor=row.minor,
        patch=row.patch,
        title=row.title,
        summary=row.summary,
        pass_mark=row.pass_mark,
        validity_months=row.validity_months,
        test_first=row.test_first,
        modules=tuple(_module(module) for module in row.modules),
    )


def _module(row: models.Module) -> PublishedModule:
    return PublishedModule(
        id=row.id,
        position=row.position,
        code=row.code,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        minutes=row.minutes,
        component=row.component,
        component_months=row.component_months,
        objectives=tuple(_objective(objective) for objective in row.objectives),
        lessons=tuple(_lesson(row, lesson) for lesson in row.lessons),
    )


def _objective(row: models.Objective) -> PublishedObjective:
    return PublishedObjective(
        id=row.id,
        code=row.code,
        bloom=row.bloom,
        text=row.text,
        draw_critical=row.draw_critical,
        draw_other=row.draw_other,
    )


def _lesson(module: models.Module, row: models.Lesson) -> PublishedLesson:
    return PublishedLesson(
        id=row.id,
        module_id=module.id,
        module_slug=module.slug,
        position=row.position,
        slug=row.slug,
        title=row.title,
        minutes=row.minutes,
        objectives=tuple(row.objectives),
        reviewed_on=row.reviewed_on,
        review_by=row.review_by,
    )
