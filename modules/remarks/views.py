"""Saying that something is wrong, and reading what became of it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.assignments.services import own
from modules.learning.services import lesson_at, progress
from modules.remarks import services
from modules.remarks.forms import RemarkForm
from modules.remarks.models import Kind, Subject
from modules.remarks.services import Target
from modules.remarks.shown import shown
from training import clock, db, i18n
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import DomainError, NotFound
from training.missions.services import conduct_channel
from training.permissions import Permission

bp = Blueprint("remarks", __name__)


@dataclass(frozen=True)
class Page:
    """What the form of a remark stands under, and where it leads back to."""

    target: Target
    title: str
    language: str
    back_url: str


@bp.route("/learn/<int:assignment_id>/lessons/<module>/<lesson>/remark", methods=["GET", "POST"])
@requires(Permission.LEARN)
def on_lesson(assignment_id: int, module: str, lesson: str) -> ResponseReturnValue:
    """Take a remark about a lesson of one's own course."""
    owned = own(db.session(), signed_in().person_id, assignment_id)
    found = progress(db.session(), [owned]).get(assignment_id)
    if found is None:
        raise NotFound("This course is no longer taught.")
    its = lesson_at(found.course, module, lesson)
    language = i18n.content_language(request.args.get("in"))
    place: dict[str, Any] = {"assignment_id": assignment_id, "module": module, "lesson": lesson}
    target = Target(Subject.LESSON, found.course.id, f"{module}/{lesson}")
    back = url_for("learning.lesson", **place, **i18n.asked())
    return take(Page(target, its.title[language], language, back))


def take(page: Page) -> ResponseReturnValue:
    """Show the form of a remark, or keep what was sent and lead back to the text."""
    form, me, now = RemarkForm(), signed_in(), clock.now()
    today = clock.day_at(now, me.time_zone)
    status = 200
    if form.validate_on_submit():
        try:
            _send(page, form)
        except DomainError as error:
            form.form_errors.append(_(str(error)))
            status = error.status
        else:
            flash(_("Thank you. An author reads it. You find the answer under My remarks."))
            return redirect(page.back_url, 303)
    channel = conduct_channel(db.session(), me.person_id, today)
    shown_page = render_template("remarks/on_text.html", page=page, form=form, conduct=channel)
    return shown_page, 422 if form.errors and status == 200 else status  # noqa: PLR2004


def _send(page: Page, form: RemarkForm) -> None:
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        services.send(
            session,
            me.person_id,
            page.target,
            page.language,
            Kind(form.kind.data),
            form.text.data,
            today=clock.day_at(now, me.time_zone),
            at=now,
        )


@bp.get("/remarks/mine")
@requires(Permission.LEARN)
def mine() -> str:
    """List one's own remarks with their answers."""
    before = request.args.get("before", type=row_id)
    found = services.own(db.session(), signed_in().person_id, before)
    page, more = found[: services.PAGE], len(found) > services.PAGE
    return render_template(
        "remarks/mine.html",
        remarks=shown(page),
        next_url=url_for("remarks.mine", before=page[-1].id) if more else None,
    )
