"""The reviewer's pages: the versions, what changed, every text, and the approval."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.approval import reading, services
from modules.approval.forms import ApproveForm, WithdrawForm
from modules.catalogue.models import Approval
from modules.catalogue.services import published
from modules.learning.services import lesson_at
from modules.learning.views import languages_here, lesson_context
from training import clock, db, i18n
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import NotFound
from training.permissions import Permission

bp = Blueprint("approval", __name__, url_prefix="/content")
READ, APPROVE = Permission.AUTHOR_CONTENT, Permission.REVIEW_CONTENT


@bp.get("/")
@requires(READ)
def versions() -> str:
    """List the course versions, the newest first, and who answers for them."""
    session, language = db.session(), i18n.content_language()
    found = services.versions(session, request.args.get("before", type=row_id))
    page, more = found[: services.PAGE], len(found) > services.PAGE
    given = services.approvals(session, signed_in().viewer, [row.id for row in page])
    in_force = [a for a in given if a.withdrawn_at is None]
    return render_template(
        "approval/versions.html",
        versions=[
            {
                "title": row.title[language],
                "version": row.version,
                "published_at": row.published_at,
                "url": url_for("approval.version", version_id=row.id),
                "approvals": _shown([a for a in in_force if a.course_version_id == row.id]),
            }
            for row in page
        ],
        next_url=url_for("approval.versions", before=page[-1].id) if more else None,
    )


@bp.get("/<int:version_id>")
@requires(READ)
def version(version_id: int) -> str:
    """Show what a version holds, what changed, and who answers for it."""
    return _version(version_id, ApproveForm(formdata=None), WithdrawForm(formdata=None))


def _version(version_id: int, form: ApproveForm, withdrawal: WithdrawForm) -> str:
    session, viewer = db.session(), signed_in().viewer
    course, language = published(session, version_id), i18n.content_language()
    given = services.approvals(session, viewer, [version_id])
    may_approve = viewer.may(APPROVE)
    home = services.reviews_for(viewer) if may_approve else None
    in_force = [a for a in given if a.withdrawn_at is None]
    mine = [a for a in in_force if a.organisation_id == home] if may_approve else []
    return render_template(
        "approval/version.html",
        title=course.title[language],
        version=course.version,
        pass_mark=course.pass_mark,
        months=course.validity_months,
        contents=reading.contents(session, course, language),
        in_force=_shown(in_force),
        withdrawn=_shown([a for a in given if a.withdrawn_at is not None]),
        form=form,
        withdrawal=withdrawal,
        for_all=home is None,
        approve_url=url_for("approval.approve", version_id=version_id)
        if may_approve and not mine
        else None,
        withdraw_url=url_for("approval.withdraw", approval_id=mine[0].id) if mine else None,
    )


def _shown(approvals: Sequence[Approval]) -> list[dict[str, Any]]:
    return [
        {
            "function": approval.function,
            "on": approval.approved_on,
            "organisation": approval.organisation and approval.organisation.name,
            "withdrawn_at": approval.withdrawn_at,
            "reason": approval.reason,
        }
        for approval in approvals
    ]


@bp.post("/<int:version_id>/approve")
@requires(APPROVE)
def approve(version_id: int) -> ResponseReturnValue:
    """Answer for a version."""
    form, me, now = ApproveForm(), signed_in(), clock.now()
    if not form.validate():
        return _version(version_id, form, WithdrawForm(formdata=None)), 422
    with db.transaction() as session:
        services.approve(
            session,
            me.viewer,
            version_id,
            form.function.data,
            today=clock.day_at(now, me.time_zone),
            at=now,
        )
    flash(_("The version is approved. From now on it gives certificates."))
    return redirect(url_for("approval.version", version_id=version_id), 303)


@bp.post("/approvals/<int:approval_id>/withdraw")
@requires(APPROVE)
def withdraw(approval_id: int) -> ResponseReturnValue:
    """Take an approval back."""
    form, viewer = WithdrawForm(), signed_in().viewer
    if not form.validate():
        version_id = services.given(db.session(), viewer, approval_id).course_version_id
        return _version(version_id, ApproveForm(formdata=None), form), 422
    with db.transaction() as session:
        approval = services.withdraw(session, viewer, approval_id, form.reason.data, at=clock.now())
    flash(_("The approval is withdrawn. Certificates that were issued stay valid."))
    return redirect(url_for("approval.version", version_id=approval.course_version_id), 303)


@bp.get("/<int:version_id>/lessons/<module>/<lesson>")
@requires(READ)
def lesson(version_id: int, module: str, lesson: str) -> str:
    """Show a lesson as its readers see it."""
    course = published(db.session(), version_id)
    shown = lesson_at(course, module, lesson)
    language = i18n.content_language(request.args.get("in"))
    return render_template(
        "approval/lesson.html",
        title=shown.title[language],
        course_title=f"{course.title[language]} {course.version}",
        version_url=url_for("approval.version", version_id=version_id),
        minutes=shown.minutes,
        languages_here=languages_here(language),
        next=reading.after(course, request.path, language),
        **lesson_context(shown, language),
    )


@bp.get("/<int:version_id>/questions/<module>")
@requires(READ)
def questions(version_id: int, module: str) -> str:
    """Show every question of a module, with right answers and feedback in both languages."""
    course, language = published(db.session(), version_id), i18n.content_language()
    found = next((m for m in course.modules if m.slug == module), None)
    if found is None:
        raise NotFound("There is no such module.")
    return render_template(
        "approval/questions.html",
        title=found.title[language],
        course_title=f"{course.title[language]} {course.version}",
        version_url=url_for("approval.version", version_id=version_id),
        questions=reading.of_module(db.session(), course, found),
        content_languages=i18n.CONTENT_LANGUAGES,
        next=reading.after(course, request.path, language),
    )
