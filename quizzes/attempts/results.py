"""What an attempt says about what was understood."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalogue.published import PublishedObjective
from modules.learning.views import without_certificate
from quizzes.attempts import sheets, unlocking
from quizzes.attempts.escalation import goes_to_hr_at
from quizzes.attempts.models import Attempt, Grade, Status
from quizzes.attempts.sheets import Answered, Sheet, Standing, allowed
from quizzes.attempts.steps import attempt_url, step_of
from training import clock, db, i18n
from training.auth import requires, signed_in
from training.home import next_steps
from training.parts import Step
from training.permissions import Permission

bp = Blueprint("results", __name__)


@bp.get("/attempts/<int:attempt_id>/result")
@requires(Permission.LEARN)
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what was understood, what to read again, and what comes next."""
    whole = sheets.sheet(db.session(), signed_in().person_id, attempt_id)
    if whole.attempt.status is Status.OPEN:
        return redirect(attempt_url(whole.attempt))
    return render_template("attempts/result.html", **_context(whole))


def _context(whole: Sheet) -> dict[str, Any]:
    session, attempt, language = db.session(), whole.attempt, i18n.content_language()
    grades = session.scalars(
        select(Grade).where(Grade.attempt_id == attempt.id).order_by(Grade.round.desc())
    ).all()
    standing = sheets.standings(session, [attempt.assignment_id])[attempt.assignment_id]
    step, passed = _step(attempt, standing), attempt.status is Status.PASSED
    # What was not understood is in the test; a conduct check asks a part of it once more.
    shown = dict.fromkeys((grades[0], grades[-1]))
    return {
        "title": whole.course.title[language],
        "outcome": attempt.status.value,
        "score": grades[0].score,
        "maximum": grades[0].maximum,
        "pass_mark": attempt.pass_mark,
        "round": grades[0].round,
        "rounds": [_round(whole, grade, language) for grade in shown],
        "step": step,
        "no_certificate": without_certificate(whole.course) if passed and not step else "",
        "attempts_left": allowed(standing.unlocks) - attempt.number,
        "unlock": _unlock(standing) if standing.is_stuck and standing.last is attempt else None,
    }


def _round(whole: Sheet, grade: Grade, language: str) -> dict[str, Any]:
    answered = whole.of_round(grade.round)
    return {
        "number": grade.round,
        "objectives": _objectives(whole, answered, language),
        "questions": [_question(whole, a, language) for a in answered],
        # Answers are deleted in time; a right one that is not there any more was once.
        "kept": grade.score == 0 or any(a.saved_at for a in answered),
    }


def _unlock(standing: Standing) -> dict[str, Any]:
    """Return whom a stuck learner can ask, or when they did and who has it now."""
    session, me, now = db.session(), signed_in(), clock.now()
    today = clock.day_at(now, me.time_zone)
    trainers, hr = unlocking.holders(session, me.viewer, today)
    goes_on = standing.asked_at and goes_to_hr_at(standing.asked_at, me.time_zone)
    assignment_id = standing.last.assignment_id if standing.last else 0
    return {
        "asked_at": standing.asked_at,
        "trainers": trainers,
        "hr": hr,
        "goes_on": goes_on,
        "with_hr": goes_on is not None and goes_on <= now,
        "ask_url": url_for("results.ask", assignment_id=assignment_id),
    }


@bp.post("/learn/<int:assignment_id>/unlock")
@requires(Permission.LEARN)
def ask(assignment_id: int) -> ResponseReturnValue:
    """Ask for a talk that unlocks the test; a second time changes nothing."""
    with db.transaction() as session:
        attempt = unlocking.ask(session, signed_in().person_id, assignment_id, at=clock.now())
    return redirect(attempt_url(attempt), 303)


def _step(attempt: Attempt, standing: Standing) -> Step | None:
    if attempt.status is Status.PASSED:
        return next_steps(signed_in().person_id, [attempt.assignment_id]).get(attempt.assignment_id)
    if standing.last is attempt and standing.is_stuck:
        return None  # This page itself says whom to ask.
    if standing.last and standing.last.status is Status.FAILED and standing.left > 0:
        url = url_for("attempts.start", assignment_id=attempt.assignment_id)
        return Step(_("Try again"), url, _("Read again what is marked below first."))
    return step_of(standing)


def _objectives(whole: Sheet, answered: Sequence[Answered], language: str) -> list[dict[str, Any]]:
    found = []
    for objective in whole.course.objectives:
        its = [a.answer for a in answered if a.question.objective == objective.code]
        if its:
            right = sum(answer.is_right for answer in its)
            found.append(
                {
                    "text": objective.text[language],
                    "right": right,
                    "total": len(its),
                    "critical_missed": any(a.critical and not a.is_right for a in its),
                    "lessons": _lessons(whole, objective, language) if right < len(its) else [],
                }
            )
    return found


def _lessons(whole: Sheet, objective: PublishedObjective, language: str) -> list[dict[str, str]]:
    return [
        {
            "title": lesson.title[language],
            "url": url_for(
                "learning.lesson",
                assignment_id=whole.attempt.assignment_id,
                module=lesson.module_slug,
                lesson=lesson.slug,
            ),
        }
        for lesson in whole.course.lessons
        if objective.code in lesson.objectives
    ]


def _question(whole: Sheet, answered: Answered, language: str) -> dict[str, Any]:
    options = {option["key"]: option for option in answered.question.options}
    return {
        "number": answered.item.position,
        "text": answered.question.text[language],
        "language": language,
        "critical": answered.question.critical,
        "right": answered.answer.is_right,
        "remark_url": url_for(
            "question_remarks.remark",
            attempt_id=whole.attempt.id,
            round_=answered.item.round,
            position=answered.item.position,
        ),
        "options": [
            {
                "text": options[key]["text"][language],
                "chosen": key in answered.chosen,
                "right": options[key]["right"],
                "feedback": options[key]["feedback"][language],
            }
            for key in answered.item.option_order
        ],
    }
