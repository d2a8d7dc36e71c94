"""Remarks as pages show them, with the title of what they are about."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import published
from modules.remarks.forms import KIND_WORDS, STATES
from modules.remarks.models import ContentRemark, State, Subject
from training import clock, db, i18n
from training.parts import questions

BADGES = {State.OPEN: "open", State.ANSWERED: "done", State.DISMISSED: "waived"}


def shown(remarks: Sequence[ContentRemark]) -> list[dict[str, Any]]:
    """Return what pages say of remarks. Who sent them is not part of it."""
    language = i18n.content_language()
    return [
        {
            "url": url_for("remarks.remark", remark_id=remark.id),
            "title": title(remark, language),
            "lesson_url": _lesson_url(remark),
            "is_question": remark.subject is Subject.QUESTION,
            "version": published(db.session(), remark.course_version_id).version,
            "kind": KIND_WORDS[remark.kind],
            "text": remark.text,
            "language": remark.language,
            "language_name": i18n.LANGUAGES[remark.language],
            "made_on": remark.made_on,
            "state": remark.state.value,
            "state_word": STATES[remark.state],
            "badge": BADGES[remark.state],
            "answer": remark.answer,
            "answered_at": remark.answered_at,
        }
        for remark in remarks
    ]


def header() -> tuple[str, ...]:
    """Return the names of the columns of a file of remarks."""
    return (
        _("About"),
        _("Lesson or question"),
        _("Version"),
        _("Language"),
        _("Kind"),
        _("Remark"),
        _("Sent on"),
        _("State"),
        _("Answer of an author"),
        _("Answered on"),
    )


def cells(remark: ContentRemark, zone: str) -> tuple[Any, ...]:
    """Return a row of a file of remarks. Who sent it is not part of it."""
    (row,) = shown([remark])
    return (
        row["title"],
        _("Question") if row["is_question"] else _("Lesson"),
        row["version"],
        row["language_name"],
        row["kind"],
        row["text"],
        row["made_on"],
        row["state_word"],
        row["answer"],
        clock.day_at(row["answered_at"], zone) if row["answered_at"] else None,
    )


def title(remark: ContentRemark, language: str) -> str:
    """Return the title of the lesson or the words of the question."""
    session, version_id = db.session(), remark.course_version_id
    if remark.subject is Subject.LESSON:
        return _lesson_title(published(session, version_id), remark.place, language)
    texts = {q.code: q.text[language] for q in questions(session, version_id)}
    return texts.get(remark.place, remark.place)


def _lesson_url(remark: ContentRemark) -> str | None:
    if remark.subject is Subject.QUESTION:
        return None
    module, lesson = remark.place.split("/")
    address: dict[str, Any] = {"module": module, "lesson": lesson, "in": remark.language}
    return url_for("approval.lesson", version_id=remark.course_version_id, **address)


def _lesson_title(course: PublishedCourse, place: str, language: str) -> str:
    titles = {f"{x.module_slug}/{x.slug}": x.title[language] for x in course.lessons}
    return titles.get(place, place)
