"""What learning keeps of a person, for that person: what was read and what was completed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from modules.assignments.models import Assignment
from modules.catalogue.models import Lesson, Module
from modules.catalogue.taught import newest_titles
from modules.learning.models import Completion, Reading
from training import i18n
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return the lessons a person ticked and the courses they completed."""
    return (
        KeptSection("readings", _("Lessons you read"), list(_read(session, person_id))),
        KeptSection(
            "completions", _("Training you completed"), list(_completed(session, person_id))
        ),
    )


def _read(session: Session, person_id: int) -> Iterator[Kept]:
    query = (
        select(Assignment, Module.slug, Lesson.slug, Reading.read_at)
        .join(Reading, Reading.assignment_id == Assignment.id)
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .join(Module, Module.id == Lesson.module_id)
        .where(Assignment.person_id == person_id)
        .order_by(Assignment.course_id, Assignment.cycle, Reading.id)
    )
    read: dict[Assignment, list[tuple[str, str, datetime]]] = defaultdict(list)
    for assignment, module, lesson, at in session.execute(query):
        read[assignment].append((module, lesson, at))
    titles, language = newest_titles(session), i18n.content_language()
    for assignment, lessons in read.items():
        label = titles[assignment.course_id][language]
        value = ngettext("%(num)s lesson", "%(num)s lessons", len(lessons))
        data = [{"module": m, "lesson": lesson, "read_at": at} for m, lesson, at in lessons]
        last = max(at for *_place, at in lessons)
        yield Kept("readings", label, value, person_id, last, None, data)


def _completed(session: Session, person_id: int) -> Iterator[Kept]:
    query = (
        select(Completion)
        .join(Completion.assignment)
        .where(Assignment.person_id == person_id)
        .options(joinedload(Completion.course_version), selectinload(Completion.components))
        .order_by(Completion.id)
    )
    language = i18n.content_language()
    for row in session.scalars(query):
        label = row.course_version.title[language]
        value = _("valid until %(day)s", day=i18n.day(row.valid_until))
        if row.annulled_on:
            value = _("annulled on %(day)s", day=i18n.day(row.annulled_on))
        at, by = row.recorded_at, _("The platform, when you passed the test")
        yield Kept("completion", label, value, by, at, None, _completion(row))


def _completion(row: Completion) -> dict[str, Any]:
    return {
        "version": row.course_version.version,
        "mode": row.mode,
        "minutes": row.minutes,
        "achieved_on": row.achieved_on,
        "valid_until": row.valid_until,
        "annulled_on": row.annulled_on,
        "components": [
            {"component": part.component, "valid_until": part.valid_until}
            for part in row.components
        ],
    }
