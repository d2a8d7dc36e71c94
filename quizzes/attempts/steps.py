"""What comes next in a test, said once for every page that shows it."""

from flask import url_for
from flask_babel import gettext as _

from quizzes.attempts.escalation import goes_to_hr_at
from quizzes.attempts.models import Attempt, Status
from quizzes.attempts.sheets import Standing
from training import clock
from training.auth import signed_in
from training.parts import Step


def attempt_url(attempt: Attempt) -> str:
    """Return the address at which an attempt goes on."""
    if attempt.status is Status.OPEN:
        return url_for("attempts.resume", attempt_id=attempt.id)
    if attempt.status is Status.CONDUCT_CHECK:
        return url_for("attempts.conduct_lesson", attempt_id=attempt.id)
    return url_for("results.result", attempt_id=attempt.id)


def step_of(standing: Standing) -> Step | None:
    """Return what the last attempt asks for; nothing where none does, or the next may begin."""
    if standing.last is None:
        return None
    url = attempt_url(standing.last)
    if standing.last.status is Status.OPEN:
        hint = _("Your answers are kept.")
        return Step(_("Continue the test"), url, hint, under_way=True)
    if standing.last.status is Status.CONDUCT_CHECK:
        hint = _("Then you answer new questions on conduct.")
        return Step(_("Read the lesson again"), url, hint, under_way=True)
    return _stuck(standing, url) if standing.is_stuck else None


def _stuck(standing: Standing, url: str) -> Step:
    if standing.asked_at is None:
        hint = _("You have used your attempts. Ask your mission trainer to unlock the test.")
        return Step(_("Ask my trainer to unlock"), url, hint)
    if goes_to_hr_at(standing.asked_at, signed_in().time_zone) <= clock.now():
        hint = _("You asked for the test to be unlocked. Your mission trainer and HR have it.")
    else:
        hint = _("You asked for the test to be unlocked. Your mission trainer has it.")
    return Step(_("See what was not understood"), url, hint)
