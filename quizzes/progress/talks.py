"""The talk that unlocks a test after three attempts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.catalogue.taught import newest_titles
from quizzes.attempts import unlocking
from quizzes.progress.forms import TalkForm
from training import clock, db, i18n
from training.auth import requires, signed_in
from training.permissions import Permission

bp = Blueprint("talks", __name__, url_prefix="/progress")


@bp.route("/unlock/<int:assignment_id>", methods=["GET", "POST"])
@requires(Permission.UNLOCK)
def talk(assignment_id: int) -> ResponseReturnValue:
    """Show what was not understood, take a note of the talk, and unlock."""
    form = TalkForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            unlocking.unlock(
                session, signed_in().viewer, assignment_id, form.note.data, at=clock.now()
            )
        flash(_("The test is unlocked: three more attempts are open."))
        return redirect(url_for("progress.progress"), 303)
    context = _context(assignment_id)
    return render_template("progress/talk.html", form=form, **context), 422 if form.errors else 200


def _context(assignment_id: int) -> dict[str, Any]:
    session, language = db.session(), i18n.content_language()
    found = unlocking.subject(session, signed_in().viewer, assignment_id, at=clock.now())
    return {
        "name": found.person.printed_name,
        "title": newest_titles(session)[found.course_id][language],
        "missed": [
            {"text": m.objective.text[language], "missed": m.missed, "asked": m.asked}
            for m in unlocking.missed(session, assignment_id)
        ],
        "content_language": language,
    }
