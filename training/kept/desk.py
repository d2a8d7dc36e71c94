"""The page of those who answer requests for a correction."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.kept import corrections
from training.kept.forms import OUTCOMES, SUBJECTS, AnswerForm
from training.kept.models import CorrectionRequest
from training.permissions import Permission

bp = Blueprint("corrections", __name__, url_prefix="/corrections")
# HR and administrators hold it; which requests each of them sees the service decides.
READ = Permission.READ_RECORDS


@bp.get("/")
@requires(READ)
def requests() -> str:
    """List what waits for an answer, the oldest first."""
    after = request.args.get("after", type=row_id)
    found = corrections.waiting(db.session(), signed_in().viewer, after)
    page, more = found[: corrections.PAGE], len(found) > corrections.PAGE
    return render_template(
        "kept/requests.html",
        requests=[_row(row) for row in page],
        next_url=url_for("corrections.requests", after=page[-1].id) if more else None,
    )


def _row(row: CorrectionRequest) -> dict[str, Any]:
    return {
        "name": row.person.printed_name,
        "about": SUBJECTS[row.about],
        "asked_at": row.asked_at,
        "own": row.person_id == signed_in().person_id,
        "url": url_for("corrections.answer", request_id=row.id),
    }


@bp.route("/<int:request_id>", methods=["GET", "POST"])
@requires(READ)
def answer(request_id: int) -> ResponseReturnValue:
    """Show a request, and say what became of it."""
    viewer, form = signed_in().viewer, AnswerForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                outcome, words = form.values()
                corrections.answer(session, viewer, request_id, outcome, words, at=clock.now())
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The person now sees your answer."))
            return redirect(url_for("corrections.requests"), 303)
    return _page(request_id, form), 422 if form.errors else 200


def _page(request_id: int, form: AnswerForm) -> str:
    viewer = signed_in().viewer
    found = corrections.shown(db.session(), viewer, request_id)
    may_manage = viewer.may(Permission.MANAGE_PEOPLE)
    return render_template(
        "kept/request.html",
        form=form,
        asked=_row(found)
        | {
            "wrong": found.wrong,
            "should_be": found.should_be,
            "outcome": OUTCOMES[found.outcome] if found.outcome else None,
            "answer": found.answer,
        },
        person_url=url_for("people.person", person_id=found.person_id) if may_manage else None,
        record_url=url_for("records.record", person_id=found.person_id),
    )
