"""Taking a final test, one question a page."""

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.assignments.services import Owned, own
from modules.learning.services import Progress, progress
from modules.learning.views import languages_here, lesson_context, lesson_url
from quizzes.attempts import saving, services, sheets
from quizzes.attempts.models import Status
from quizzes.attempts.services import NotOpen
from quizzes.attempts.sheets import Answered, Sheet, Standing
from quizzes.attempts.steps import attempt_url
from training import clock, db, i18n
from training.auth import requires, signed_in
from training.errors import NotFound
from training.permissions import Permission

bp = Blueprint("attempts", __name__)
LEARN = Permission.LEARN


@bp.get("/learn/<int:assignment_id>/test")
@requires(LEARN)
def start(assignment_id: int) -> ResponseReturnValue:
    """Say what the test asks, before it begins."""
    owned = own(db.session(), signed_in().person_id, assignment_id)
    standing = sheets.standings(db.session(), [assignment_id])[assignment_id]
    if standing.last is not None and standing.last.is_under_way:
        return redirect(attempt_url(standing.last))
    found = progress(db.session(), [owned]).get(assignment_id)
    if found is None:
        raise NotFound("This course is no longer taught.")
    return render_template("attempts/start.html", **_start_context(owned, standing, found))


def _start_context(owned: Owned, standing: Standing, found: Progress) -> dict[str, Any]:
    course, language, assignment_id = found.course, i18n.content_language(), owned.assignment.id
    critical = sum(objective.draw_critical for objective in course.objectives)
    refusal = services.refusal(owned, standing)
    return {
        "title": course.title[language],
        "questions": critical + sum(objective.draw_other for objective in course.objectives),
        "pass_mark": course.pass_mark,
        "critical": critical,
        "attempts_left": standing.left,
        "contents_url": url_for("learning.contents", assignment_id=assignment_id),
        "start_url": url_for("attempts.begin", assignment_id=assignment_id),
        "unread": [
            {"title": lesson.title[language], "url": lesson_url(assignment_id, module, lesson)}
            for module, lesson in found.required
        ],
        "blocked": _(str(refusal)) if refusal else None,
    }


@bp.post("/learn/<int:assignment_id>/test")
@requires(LEARN)
def begin(assignment_id: int) -> ResponseReturnValue:
    """Begin an attempt, or go on with the one under way."""
    with db.transaction() as session:
        attempt = services.start(session, signed_in().person_id, assignment_id, at=clock.now())
    return redirect(attempt_url(attempt), 303)


def _sheet(attempt_id: int) -> Sheet:
    return sheets.sheet(db.session(), signed_in().person_id, attempt_id)


@bp.get("/attempts/<int:attempt_id>")
@requires(LEARN)
def resume(attempt_id: int) -> ResponseReturnValue:
    """Go to the first question without an answer, or to the overview."""
    whole = _sheet(attempt_id)
    if whole.attempt.status is not Status.OPEN:
        return redirect(attempt_url(whole.attempt))
    for answered in whole.current:
        if not answered.chosen:
            return redirect(_question_url(whole, answered.item.position))
    return redirect(_overview_url(whole))


def _question_url(whole: Sheet, position: int) -> str:
    return url_for(
        "attempts.question",
        attempt_id=whole.attempt.id,
        round_=whole.attempt.round,
        position=position,
    )


def _overview_url(whole: Sheet) -> str:
    return url_for("attempts.overview", attempt_id=whole.attempt.id, round_=whole.attempt.round)


@bp.get("/attempts/<int:attempt_id>/<int:round_>/<int:position>")
@requires(LEARN)
def question(attempt_id: int, round_: int, position: int) -> ResponseReturnValue:
    """Show one question."""
    whole = _sheet(attempt_id)
    if whole.attempt.status is not Status.OPEN or whole.attempt.round != round_:
        return redirect(attempt_url(whole.attempt))
    found = next((a for a in whole.current if a.item.position == position), None)
    if found is None:
        raise NotFound("There is no such question.")
    return render_template("attempts/question.html", **_question_context(whole, found))


def _question_context(whole: Sheet, found: Answered) -> dict[str, Any]:
    language = i18n.content_language(request.args.get("in"))
    attempt_id, round_, position = whole.attempt.id, found.item.round, found.item.position
    total = len(whole.current)
    place: dict[str, Any] = {"attempt_id": attempt_id, "round_": round_, "position": position}
    return {
        "title": whole.course.title[language],
        "number": position,
        "total": total,
        "question": _question(found, language),
        "save_url": url_for("attempts.save", **place, **i18n.asked()),
        "saved_at": found.saved_at,
        "other_language": next(o for o in languages_here(language) if not o["current"]),
        "overview_url": _overview_url(whole),
        "next_url": _onward(**place, go="next" if position < total else "overview"),
        "previous_url": _onward(**place, go="previous"),
        "remark_url": _onward(**place, go="remark"),
        "dots": _dots(whole, position),
        "round": round_,
    }


def _question(found: Answered, language: str) -> dict[str, Any]:
    options = {option["key"]: option for option in found.question.options}
    return {
        "text": found.question.text[language],
        "kind": found.question.kind.value,
        "language": language,
        "options": [
            {"key": key, "text": options[key]["text"][language], "chosen": key in found.chosen}
            for key in found.item.option_order
        ],
    }


def _dots(whole: Sheet, position: int | None) -> list[dict[str, Any]]:
    return [
        {
            "n": a.item.position,
            "url": _question_url(whole, a.item.position),
            "answered": bool(a.chosen),
            "current": a.item.position == position,
        }
        for a in whole.current
    ]


@bp.post("/attempts/<int:attempt_id>/<int:round_>/<int:position>")
@requires(LEARN)
def save(attempt_id: int, round_: int, position: int) -> ResponseReturnValue:
    """Keep an answer; to the script say when, without it go where the button points."""
    as_json = request.accept_mimetypes.best == "application/json"
    chosen, me, now = _chosen(), signed_in(), clock.now()
    try:
        with db.transaction() as session:
            saved_at = saving.save(
                session, me.person_id, attempt_id, round_, position, chosen, at=now
            )
    except NotOpen:
        if as_json:
            raise
        return redirect(url_for("attempts.resume", attempt_id=attempt_id), 303)
    if as_json:
        return jsonify(saved_at=saved_at.isoformat())
    return redirect(_onward(attempt_id, round_, position, request.form.get("go", "next")), 303)


def _chosen() -> list[str]:
    # A blank answer comes with its form; a body without one must not take an answer back.
    if not request.form:
        abort(400)
    return request.form.getlist("choice")


def _onward(attempt_id: int, round_: int, position: int, go: str) -> str:
    place: dict[str, Any] = {"attempt_id": attempt_id, "round_": round_}
    if go == "overview":
        return url_for("attempts.overview", **place)
    if go == "remark":
        return url_for("question_remarks.remark", position=position, **place, **i18n.asked())
    following = position - 1 if go == "previous" else position + 1
    return url_for("attempts.question", position=max(following, 1), **place, **i18n.asked())


@bp.get("/attempts/<int:attempt_id>/<int:round_>/overview")
@requires(LEARN)
def overview(attempt_id: int, round_: int) -> ResponseReturnValue:
    """Show what is answered and what is open, with the one button that hands in."""
    whole = _sheet(attempt_id)
    if whole.attempt.status is not Status.OPEN or whole.attempt.round != round_:
        return redirect(attempt_url(whole.attempt))
    return render_template(
        "attempts/overview.html",
        title=whole.course.title[i18n.content_language()],
        dots=_dots(whole, None),
        open_count=sum(not a.chosen for a in whole.current),
        submit_url=url_for("attempts.submit", attempt_id=attempt_id, round_=round_),
        round=round_,
    )


@bp.post("/attempts/<int:attempt_id>/<int:round_>/submit")
@requires(LEARN)
def submit(attempt_id: int, round_: int) -> ResponseReturnValue:
    """Hand in; a second time changes nothing."""
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        services.submit(
            session,
            me.person_id,
            attempt_id,
            round_,
            today=clock.day_at(now, me.time_zone),
            at=now,
        )
    return redirect(url_for("results.result", attempt_id=attempt_id), 303)


@bp.get("/attempts/<int:attempt_id>/conduct-check")
@requires(LEARN)
def conduct_lesson(attempt_id: int) -> ResponseReturnValue:
    """Show the next lesson to be read again before a conduct check."""
    whole = _sheet(attempt_id)
    if whole.attempt.status is not Status.CONDUCT_CHECK:
        return redirect(attempt_url(whole.attempt))
    wanted = sheets.lessons_again(whole)
    read = sheets.reread(db.session(), whole.attempt)
    waiting = [lesson for lesson in wanted if lesson.id not in read]
    language = i18n.content_language(request.args.get("in"))
    return render_template(
        "attempts/conduct_lesson.html",
        title=waiting[0].title[language],
        tick_url=url_for("attempts.read_again", attempt_id=attempt_id, lesson_id=waiting[0].id),
        remark_url=url_for(
            "question_remarks.remark_on_lesson",
            attempt_id=attempt_id,
            lesson_id=waiting[0].id,
            **i18n.asked(),
        ),
        number=len(wanted) - len(waiting) + 1,
        total=len(wanted),
        **lesson_context(waiting[0], language),
    )


@bp.post("/attempts/<int:attempt_id>/conduct-check/<int:lesson_id>")
@requires(LEARN)
def read_again(attempt_id: int, lesson_id: int) -> ResponseReturnValue:
    """Tick a lesson read again; after the last one the check begins."""
    with db.transaction() as session:
        attempt = services.read_again(
            session, signed_in().person_id, attempt_id, lesson_id, at=clock.now()
        )
    return redirect(attempt_url(attempt), 303)
