"""What attempts add to the platform."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizzes.attempts import checks, demonstration, reading, results, retention
from quizzes.attempts.models import Attempt, Status
from quizzes.attempts.views import attempt_url
from training.parts import Part, Step, register


def init_app(app: Flask) -> None:
    """Add the pages of the test."""
    app.register_blueprint(results.bp)
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
    last = {a.assignment_id: a for a in reading.of_assignments(session, ids)}
    steps = {assignment_id: _step(attempt) for assignment_id, attempt in last.items()}
    return {assignment_id: step for assignment_id, step in steps.items() if step is not None}


def _step(attempt: Attempt) -> Step | None:
    if attempt.status is Status.OPEN:
        return Step(_("Continue the test"), attempt_url(attempt), _("Your answers are kept."))
    if attempt.status is Status.CONDUCT_CHECK:
        return Step(
            _("Read the lesson again"),
            attempt_url(attempt),
            _("Then you answer new questions on conduct."),
        )
    if attempt.status is Status.FAILED and attempt.number >= reading.MOST_ATTEMPTS:
        return Step(
            _("See what was not understood"),
            url_for("attempts.result", attempt_id=attempt.id),
            _("You have used your three attempts. Talk to your mission trainer."),
        )
    return None
