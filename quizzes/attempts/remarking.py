"""Saying that something is wrong with a question, or with a lesson that is read again."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from modules.remarks.models import Subject
from modules.remarks.services import Target
from modules.remarks.views import Page, take
from quizzes.attempts import sheets
from quizzes.attempts.models import Status
from training import db, i18n
from training.auth import requires, signed_in
from training.errors import NotFound
from training.permissions import Permission

bp = Blueprint("question_remarks", __name__)


@bp.route("/attempts/<int:attempt_id>/<int:round_>/<int:position>/remark", methods=["GET", "POST"])
@requires(Permission.LEARN)
def remark(attempt_id: int, round_: int, position: int) -> ResponseReturnValue:
    """Take a remark about a question one was asked."""
    whole = sheets.sheet(db.session(), signed_in().person_id, attempt_id)
    asked = [a for a in whole.of_round(round_) if a.item.position == position]
    if not asked:
        raise NotFound("There is no such question.")
    question, language = asked[0].question, i18n.content_language(request.args.get("in"))
    target = Target(Subject.QUESTION, whole.course.id, question.code)
    place: dict[str, Any] = {"attempt_id": attempt_id, "round_": round_, "position": position}
    under_way = whole.attempt.status is Status.OPEN and whole.attempt.round == round_
    back = (
        url_for("attempts.question", **place, **i18n.asked())
        if under_way
        else url_for("results.result", attempt_id=attempt_id)
    )
    return take(Page(target, question.text[language], language, back))


@bp.route(
    "/attempts/<int:attempt_id>/conduct-check/<int:lesson_id>/remark", methods=["GET", "POST"]
)
@requires(Permission.LEARN)
def remark_on_lesson(attempt_id: int, lesson_id: int) -> ResponseReturnValue:
    """Take a remark about a lesson in the version that the attempt asks about."""
    whole = sheets.sheet(db.session(), signed_in().person_id, attempt_id)
    found = [lesson for lesson in whole.course.lessons if lesson.id == lesson_id]
    if not found:
        raise NotFound("There is no such lesson.")
    lesson, language = found[0], i18n.content_language(request.args.get("in"))
    target = Target(Subject.LESSON, whole.course.id, f"{lesson.module_slug}/{lesson.slug}")
    back = url_for("attempts.conduct_lesson", attempt_id=attempt_id, **i18n.asked())
    return take(Page(target, lesson.title[language], language, back))
