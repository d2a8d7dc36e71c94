"""Everything there is to read of a course version, in order, with what changed in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from modules.approval import services
from modules.approval.changes import Changes, compare
from modules.catalogue.published import PublishedCourse, PublishedModule
from modules.catalogue.services import published
from training.parts import Asked, questions


def contents(session: Session, course: PublishedCourse, language: str) -> dict[str, Any]:
    """Return the modules with links to all their texts, and what changed since before."""
    former_id = services.former_id(session, course)
    former = None if former_id is None else published(session, former_id)
    asked = questions(session, course.id)
    lessons = compare(_lessons(session, former), services.lessons(session, course))
    before = {} if former is None else by_code(questions(session, former.id))
    changed = compare(before, by_code(asked))
    frames = compare({} if former is None else frame(former), frame(course))
    return {
        "former": former and former.version,
        "lessons": _counts(lessons),
        "questions": _counts(changed),
        "frame": _counts(frames),
        "modules": [_module(course, m, lessons, changed, asked, language) for m in course.modules],
        "removed": _removed(former, lessons, language),
        "removed_questions": [before[code][0][language] for code in changed.removed],
    }


def _lessons(session: Session, course: PublishedCourse | None) -> dict[str, object]:
    return {} if course is None else services.lessons(session, course)


def by_code(asked: Sequence[Asked]) -> dict[str, tuple[Any, ...]]:
    """Return everything that is asked, by the codes of the questions."""
    return {q.code: (q.text, q.objective, q.critical, list(q.options)) for q in asked}


def frame(course: PublishedCourse) -> dict[str, object]:
    """Return what holds the texts together: the rules, the modules and their objectives."""
    rules = (course.title, course.summary, course.pass_mark, course.validity_months)
    found: dict[str, object] = {"": rules}
    for module in course.modules:
        component = (module.component, module.component_months)
        found[module.code] = (module.title, module.summary, module.minutes, *component)
    for objective in course.objectives:
        draw = (objective.draw_critical, objective.draw_other)
        found[objective.code] = (objective.text, objective.bloom, *draw)
    return found


def _counts(changes: Changes) -> dict[str, int]:
    return {
        "added": len(changes.added),
        "changed": len(changes.changed),
        "removed": len(changes.removed),
    }


def _removed(former: PublishedCourse | None, changes: Changes, language: str) -> list[str]:
    there = former.lessons if former else ()
    titles = {f"{x.module_slug}/{x.slug}": x.title[language] for x in there}
    return [titles[place] for place in changes.removed]


def _module(
    course: PublishedCourse,
    module: PublishedModule,
    lessons: Changes,
    changed: Changes,
    asked: Sequence[Asked],
    language: str,
) -> dict[str, Any]:
    codes = {objective.code for objective in module.objectives}
    own = [q.code for q in asked if q.objective in codes]
    return {
        "title": f"{module.code} {module.title[language]}",
        "lessons": [
            {
                "title": lesson.title[language],
                "url": _lesson_url(course, module.slug, lesson.slug),
                "change": lessons.of(f"{module.slug}/{lesson.slug}"),
            }
            for lesson in module.lessons
        ],
        "questions": len(own),
        "questions_changed": sum(bool(changed.of(code)) for code in own),
        "questions_url": _questions_url(course, module.slug),
    }


def of_module(
    session: Session, course: PublishedCourse, module: PublishedModule
) -> list[Mapping[str, Any]]:
    """Return the questions of a module under the objectives they ask about."""
    former_id = services.former_id(session, course)
    before = {} if former_id is None else by_code(questions(session, former_id))
    asked = questions(session, course.id)
    changes = compare(before, by_code(asked))
    return [
        {
            "objective": objective,
            "asked": [
                {"question": q, "change": changes.of(q.code) if former_id else ""}
                for q in asked
                if q.objective == objective.code
            ],
        }
        for objective in module.objectives
    ]


def after(course: PublishedCourse, path: str, language: str) -> dict[str, str]:
    """Return what to read after the page at a path; at the end it is the approval."""
    order = []
    for module in course.modules:
        order += [
            (lesson.title[language], _lesson_url(course, module.slug, lesson.slug))
            for lesson in module.lessons
        ]
        label = _("Questions: %(module)s", module=module.title[language])
        order.append((label, _questions_url(course, module.slug)))
    order.append((_("Approval"), url_for("approval.version", version_id=course.id)))
    here = [url for _label, url in order].index(path)
    label, url = order[here + 1]
    return {"label": label, "url": url}


def _lesson_url(course: PublishedCourse, module: str, lesson: str) -> str:
    return url_for("approval.lesson", version_id=course.id, module=module, lesson=lesson)


def _questions_url(course: PublishedCourse, module: str) -> str:
    return url_for("approval.questions", version_id=course.id, module=module)
