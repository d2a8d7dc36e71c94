"""The contents of a course and its lessons."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.assignments.services import Owned, own_with_approval
from modules.catalogue.approvals import Approved
from modules.catalogue.published import PublishedCourse, PublishedLesson, PublishedModule
from modules.catalogue.taught import asset
from modules.glossary.services import lesson_with_words
from modules.learning import services
from modules.learning.services import Progress
from training import clock, db, i18n, publishing
from training.addresses import row_id
from training.auth import public, requires, signed_in
from training.home import next_steps
from training.missions.services import conduct_channel
from training.parts import Step
from training.permissions import Permission

bp = Blueprint("learning", __name__)


def _course(assignment_id: int) -> tuple[Owned, Progress, Approved | None]:
    owned, approval = own_with_approval(db.session(), signed_in().viewer, assignment_id)
    found = services.progress(db.session(), [owned])
    if assignment_id not in found:
        abort(404)
    return owned, found[assignment_id], approval


@bp.get("/learn/<int:assignment_id>/")
@requires(Permission.LEARN)
def contents(assignment_id: int) -> str:
    """Show what the course holds and what is not ticked yet."""
    owned, progress, approval = _course(assignment_id)
    language = i18n.content_language()
    asked = next_steps(signed_in().person_id, [assignment_id])
    return render_template(
        "learning/contents.html",
        course=course_context(progress.course, language, approval),
        modules=[_module(m, progress, assignment_id, language) for m in progress.course.modules],
        done=len(progress.places) - len(progress.unread),
        total=len(progress.places),
        step=step_of(owned, progress, asked),
        test=None if assignment_id in asked else _test(owned, progress),
    )


def course_context(
    course: PublishedCourse, language: str, approval: Approved | None
) -> dict[str, Any]:
    """Return what pages say about a course version."""
    return {
        "title": course.title[language],
        "summary": course.summary[language],
        "version": course.version,
        "scope_note": scope_note(course, language),
        "approved": approved(approval),
    }


def scope_note(course: PublishedCourse, language: str) -> str | None:
    """Say which modules an unfinished course has; nothing for a whole one."""
    if not course.partial:
        return None
    titles = "; ".join(f"{m.code} {m.title[language]}" for m in course.modules)
    return _("This version is not the whole course. It contains: %(modules)s.", modules=titles)


def approved(approval: Approved | None) -> str:
    """Say who approved a version and when, or that nobody has."""
    if approval is None:
        return _("Not yet approved by a gender adviser")
    return _(
        "Approved by %(function)s on %(day)s",
        function=approval.function,
        day=i18n.day(approval.approved_on),
    )


def without_certificate(course: PublishedCourse) -> str:
    """Say why a version gave no certificate to somebody who has completed it."""
    if course.partial:
        return _("This version is not the whole course, so it gives no certificate.")
    return _("No certificate yet: this content has not been approved by a gender adviser.")


def _module(
    module: PublishedModule, progress: Progress, assignment_id: int, language: str
) -> dict[str, Any]:
    return {
        "title": module.title[language],
        "summary": module.summary[language],
        "minutes": module.minutes,
        "lessons": [
            {
                "title": lesson.title[language],
                "minutes": lesson.minutes,
                "read": (module.slug, lesson.slug) in progress.read,
                "url": lesson_url(assignment_id, module, lesson),
            }
            for lesson in module.lessons
        ],
    }


def lesson_url(assignment_id: int, module: PublishedModule, lesson: PublishedLesson) -> str:
    """Return the address of a lesson."""
    return url_for(
        "learning.lesson", assignment_id=assignment_id, module=module.slug, lesson=lesson.slug
    )


def _test(owned: Owned, progress: Progress) -> dict[str, Any]:
    if owned.assignment.completed_at:
        return {"note": _("You have passed the test."), "url": None}
    if progress.required:
        return {"note": opens_when(progress), "url": None}
    url = url_for("attempts.start", assignment_id=owned.assignment.id)
    if progress.unread:
        return {"note": _("You can take the test now, and read only what you need."), "url": url}
    return {"note": _("Every lesson is ticked. You can take the test."), "url": url}


def opens_when(progress: Progress) -> str:
    """Say what has to be read before the test."""
    if progress.test_first:
        return _("The test opens when every lesson on conduct is ticked. The others may wait.")
    return _("The test opens when every lesson is ticked.")


def step_of(owned: Owned, progress: Progress, asked: dict[int, Step]) -> Step:
    """Return the next step: what a later feature wants, else reading, else the test.

    A completed course has none that is left.
    """
    assignment, course = owned.assignment, progress.course
    if assignment.id in asked:
        return asked[assignment.id]
    if assignment.completed_at is not None:
        # No certificate wants anything: the content is not approved, or it came another way.
        url, hint = lesson_url(assignment.id, *progress.places[0]), without_certificate(course)
        return Step(_("Read again"), url, hint, left=False)
    if progress.required:
        module, lesson = progress.required[0]
        title = lesson.title[i18n.content_language()]
        begun = len(progress.unread) < len(progress.places)
        label = _("Continue reading") if begun else _("Start reading")
        url = lesson_url(assignment.id, module, lesson)
        return Step(label, url, title, hint_is_taught=True)
    url = url_for("attempts.start", assignment_id=assignment.id)
    if progress.unread:
        hint = _("You may take the test first. What you need to read again, you see afterwards.")
        return Step(_("Take the test"), url, hint)
    return Step(_("Take the test"), url, _("Every lesson is ticked."))


@bp.get("/learn/<int:assignment_id>/lessons/<module>/<lesson>")
@requires(Permission.LEARN)
def lesson(assignment_id: int, module: str, lesson: str) -> str:
    """Show a lesson; opening it ticks nothing."""
    _owned, progress, approval = _course(assignment_id)
    shown = services.lesson_at(progress.course, module, lesson)
    return render_template(
        "learning/lesson.html", **_lesson_context(assignment_id, progress, shown, approval)
    )


def _lesson_context(
    assignment_id: int, progress: Progress, shown: PublishedLesson, approval: Approved | None
) -> dict[str, Any]:
    course, language = progress.course, i18n.content_language(request.args.get("in"))
    index = [found.id for _m, found in progress.places].index(shown.id)
    module, last = progress.places[index][0], index == len(progress.places) - 1
    before = progress.places[index - 1] if index else None
    place: dict[str, Any] = {
        "assignment_id": assignment_id,
        "module": module.slug,
        "lesson": shown.slug,
    }
    return lesson_context(shown, language) | {
        "course_title": course.title[language],
        "contents_url": url_for("learning.contents", assignment_id=assignment_id),
        "module_title": module.title[language],
        "title": shown.title[language],
        "minutes": shown.minutes,
        "objectives": [o.text[language] for o in module.objectives if o.code in shown.objectives],
        "position": index + 1,
        "total": len(progress.places),
        "is_read": (module.slug, shown.slug) in progress.read,
        "previous_url": lesson_url(assignment_id, *before) if before else None,
        "next_label": _("Finish this lesson") if last else _("Next lesson"),
        "tick_url": url_for("learning.tick", **place),
        "lesson_id": shown.id,
        "languages_here": languages_here(language),
        "version": course.version,
        "reviewed_on": shown.reviewed_on,
        "approved": approved(approval),
        "remark_url": url_for("remarks.on_lesson", **place, **i18n.asked()),
    }


def languages_here(language: str) -> list[dict[str, Any]]:
    """Return the languages in which this page's content can be read."""
    return [
        {
            "code": code,
            "name": i18n.LANGUAGES[code],
            "url": f"{request.path}?in={code}",
            "current": code == language,
        }
        for code in i18n.CONTENT_LANGUAGES
    ]


def lesson_context(shown: PublishedLesson, language: str) -> dict[str, Any]:
    """Return the text of a lesson, with the reader's own channels where it refers to them."""
    parts, words = lesson_with_words(
        db.session(), publishing.curriculum(), shown.id, language, i18n.language()
    )
    me = signed_in()
    today = clock.day_at(clock.now(), me.time_zone)
    refers = any(part["kind"] == "referral" for part in parts)
    channel = conduct_channel(db.session(), me.person_id, today) if refers else None
    return {
        "parts": parts,
        "conduct": channel,
        "content_language": language,
        "words": words,
    }


@bp.post("/learn/<int:assignment_id>/lessons/<module>/<lesson>")
@requires(Permission.LEARN)
def tick(assignment_id: int, module: str, lesson: str) -> ResponseReturnValue:
    """Tick a lesson and go on to the next one; what has changed meanwhile is read first."""
    _owned, progress, _approval = _course(assignment_id)
    shown = services.lesson_at(progress.course, module, lesson)
    was_read = request.form.get("lesson", shown.id, type=row_id)
    with db.transaction() as session:
        if not services.same_content(session, progress.course, shown, was_read):
            flash(_("This lesson has changed since you opened it. Please read it as it is now."))
            return redirect(request.path, 303)
        services.tick(session, assignment_id, shown.id, at=clock.now())
    following = [found.id for _m, found in progress.places].index(shown.id) + 1
    if following < len(progress.places):
        return redirect(lesson_url(assignment_id, *progress.places[following]), 303)
    return redirect(url_for("learning.contents", assignment_id=assignment_id), 303)


@bp.get("/assets/<digest>.<suffix>")
@public
def picture(digest: str, suffix: str) -> Response:
    """Serve a picture of a lesson, which never changes."""
    media_type, data = asset(db.session(), digest)
    if not media_type.removesuffix("+xml").endswith(suffix):
        abort(404)
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
