"""What attempts add to the platform."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizzes.attempts import checks, demonstration, reading, remarking, retention
from quizzes.attempts.escalation import goes_to_hr_at
from quizzes.attempts.models import Attempt, Status
from quizzes.attempts.reading import Standing
from quizzes.attempts.views import attempt_url
from training import clock
from training.auth import signed_in
from training.parts import Part, Step, register


def init_app(app: Flask) -> None:
    """Add the pages of the test."""
    app.register_blueprint(remarking.bp)
    register(
        app,
        Part(
            "attempts",
            steps=_steps,
            check=checks.contradictions,
            demonstrate=demonstration.demonstrate,
            jobs={"retention": retention.run},
        ),
    )


def _steps(session: Session, _person_id: int, ids: Sequence[int]) -> Mapping[int, Step]:
    found = reading.standings(session, ids)
    steps = {i: _step(s.last, s) for i, s in found.items() if s.last is not None}
    return {assignment_id: step for assignment_id, step in steps.items() if step is not None}


def _step(attempt: Attempt, standing: Standing) -> Step | None:
    if attempt.status is Status.OPEN:
        return Step(_("Continue the test"), attempt_url(attempt), _("Your answers are kept."))
    if attempt.status is Status.CONDUCT_CHECK:
        return Step(
            _("Read the lesson again"),
            attempt_url(attempt),
            _("Then you answer new questions on conduct."),
        )
    if standing.is_stuck:
        return _stuck(attempt, standing)
    return None


def _stuck(attempt: Attempt, standing: Standing) -> Step:
    url = url_for("attempts.result", attempt_id=attempt.id)
    if standing.asked_at is None:
        hint = _("You have used your attempts. Ask your mission trainer to unlock the test.")
        return Step(_("Ask my trainer to unlock"), url, hint)
    if goes_to_hr_at(standing.asked_at, signed_in().time_zone) <= clock.now():
        hint = _("You asked for the test to be unlocked. Your mission trainer and HR have it.")
    else:
        hint = _("You asked for the test to be unlocked. Your mission trainer has it.")
    return Step(_("See what was not understood"), url, hint)
