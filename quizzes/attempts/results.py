"""What an attempt says about what was understood."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalogue.published import PublishedObjective
from quizzes.attempts import reading, unlocking
from quizzes.attempts.escalation import goes_to_hr_at
from quizzes.attempts.models import Attempt, Grade, Status
from quizzes.attempts.reading import Answered, Sheet, Standing, allowed
from quizzes.attempts.views import attempt_url, bp
from training import clock, db, i18n
from training.auth import requires, signed_in
from training.home import next_steps
from training.parts import Step
from training.permissions import Permission

__all__ = ["Blueprint", "bp", "result"]


@bp.get("/attempts/<int:attempt_id>/result")
@requires(Permission.LEARN)
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what was understood, what to read again, and what comes next."""
    session, me = db.session(), signed_in()
    whole = reading.sheet(session, me.person_id, attempt_id)
    attempt, language = whole.attempt, i18n.content_language()
    if attempt.status is Status.OPEN:
        return redirect(url_for("attempts.resume", attempt_id=attempt.id))
    grade = session.scalars(
        select(Grade).where(Grade.attempt_id == attempt.id).order_by(Grade.round.desc()).limit(1)
    ).one()
    answered = whole.of_round(grade.round)
    standing = reading.standings(session, [attempt.assignment_id])[attempt.assignment_id]
    # Answers are deleted in time; a right one that is not there any more was once.
    kept = grade.score == 0 or any(a.saved_at for a in answered)
    return render_template(
        "attempts/result.html",
        title=whole.course.title[language],
        outcome=attempt.status.value,
        score=grade.score,
        maximum=grade.maximum,
        pass_mark=attempt.pass_mark,
        objectives=_objectives(whole, answered, language) if kept else [],
        questions=[_question(whole, a, language) for a in answered],
        step=_step(attempt, standing),
        attempts_left=allowed(standing.unlocks) - attempt.number,
        unlock=_unlock(standing) if standing.is_stuck and standing.last is attempt else None,
        show_answers=kept,
        round=grade.round,
    )


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
        "ask_url": url_for("attempts.ask", assignment_id=assignment_id),
    }


@bp.post("/learn/<int:assignment_id>/unlock")
@requires(Permission.LEARN)
def ask(assignment_id: int) -> ResponseReturnValue:
    """Ask for a talk that unlocks the test; a second time changes nothing."""
    with db.transaction() as session:
        attempt = unlocking.ask(session, signed_in().person_id, assignment_id, at=clock.now())
    return redirect(attempt_url(attempt), 303)


def _step(attempt: Attempt, standing: Standing) -> Step | None:
    if attempt.status is Status.CONDUCT_CHECK:
        url = url_for("attempts.conduct_lesson", attempt_id=attempt.id)
        return Step(_("Read the lesson again"), url, _("Then you answer new questions on conduct."))
    if attempt.status is Status.FAILED:
        if attempt.number >= allowed(standing.unlocks):
            return None
        url = url_for("attempts.start", assignment_id=attempt.assignment_id)
        return Step(_("Try again"), url, _("Read again what is marked below first."))
    return next_steps(signed_in().person_id, [attempt.assignment_id]).get(attempt.assignment_id)


def _objectives(whole: Sheet, answered: Sequence[Answered], language: str) -> list[dict[str, Any]]:
    found = []
    for objective in whole.course.objectives:
        its = [a.answer for a in answered if a.question.objective == objective.code]
        if its:
            found.append(
                {
                    "text": objective.text[language],
                    "right": sum(answer.is_right for answer in its),
                    "total": len(its),
                    "critical_missed": any(a.critical and not a.is_right for a in its),
                    "lessons": _lessons(whole, objective, language),
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
            "attempts.remark",
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
