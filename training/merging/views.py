"""The administrator's pages of merging two records of one person, and of undoing it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.accounts.models import Person
from training.accounts.services import managed
from training.auth import requires, signed_in
from training.handover import Moving
from training.merging import services
from training.merging.forms import OtherForm
from training.parts import registered
from training.permissions import Permission

bp = Blueprint("merging", __name__, url_prefix="/people")
MANAGE = Permission.MANAGE_PEOPLE


def merges() -> services.Merges:
    """Return how each feature hands over, in the order of registration."""
    return {part.name: part.merge for part in registered() if part.merge is not None}


@bp.route("/<int:person_id>/merge", methods=["GET", "POST"])
@requires(MANAGE)
def find(person_id: int) -> ResponseReturnValue:
    """Find the other record of this person. Names are sent by the form: no address holds one."""
    session, viewer, form = db.session(), signed_in().viewer, OtherForm()
    subject, found = managed(session, viewer, person_id), None
    if form.validate_on_submit():
        found = services.candidates(session, viewer, person_id, form.q.data)
    page = render_template(
        "merging/find.html",
        form=form,
        subject=_shown(subject),
        found=None if found is None else [_shown(other) | _way(subject, other) for other in found],
    )
    return page, 422 if form.errors else 200


def _way(subject: Person, other: Person) -> dict[str, str]:
    return {"url": url_for("merging.compare", person_id=subject.id, other_id=other.id)}


def _shown(person: Person) -> dict[str, Any]:
    return {
        "name": person.printed_name,
        "user_name": person.user_name,
        "personnel_number": person.personnel_number,
        "unit": person.unit.name if person.unit else None,
        "email": person.email,
        "is_active": person.is_active,
        "created_at": person.created_at,
        "person_url": url_for("people.person", person_id=person.id),
    }


@bp.get("/<int:person_id>/merge/<int:other_id>")
@requires(MANAGE)
def compare(person_id: int, other_id: int) -> str:
    """Show what would happen before it does."""
    viewer = signed_in().viewer
    kept, gone, said = services.preview(db.session(), viewer, person_id, other_id, merges())
    return render_template(
        "merging/compare.html",
        kept=_shown(kept),
        gone=_shown(gone),
        **_said(said),
        days=services.UNDO_FOR.days,
        swap_url=url_for("merging.compare", person_id=other_id, other_id=person_id),
        merge_url=url_for("merging.merge", person_id=person_id, other_id=other_id),
        find_url=url_for("merging.find", person_id=person_id),
    )


def _said(said: list[Moving]) -> dict[str, Any]:
    return {
        "counts": [count for moving in said for count in moving.counts],
        "notes": [note for moving in said for note in moving.notes],
        "refusals": [_(refusal) for moving in said for refusal in moving.refusals],
    }


@bp.post("/<int:person_id>/merge/<int:other_id>")
@requires(MANAGE)
def merge(person_id: int, other_id: int) -> ResponseReturnValue:
    """Merge the other record into this one."""
    with db.transaction() as session:
        viewer, at = signed_in().viewer, clock.now()
        services.merge(session, viewer, person_id, other_id, merges(), at=at)
    flash(_("The two records are one. This can be undone for 30 days."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.get("/merges/<int:merge_id>/undo")
@requires(MANAGE)
def ask_undo(merge_id: int) -> str:
    """Say what undoing a merge means."""
    record, kept, gone = services.shown(db.session(), signed_in().viewer, merge_id)
    return render_template(
        "merging/undo.html",
        kept=_shown(kept),
        gone=_shown(gone),
        merged_at=record.merged_at,
        until=record.merged_at + services.UNDO_FOR,
        undo_url=url_for("merging.undo", merge_id=merge_id),
    )


@bp.post("/merges/<int:merge_id>/undo")
@requires(MANAGE)
def undo(merge_id: int) -> ResponseReturnValue:
    """Take the two records apart again."""
    with db.transaction() as session:
        viewer, at = signed_in().viewer, clock.now()
        gone_id = services.undo(session, viewer, merge_id, merges(), at=at).gone_id
    flash(_("The two records are apart again."))
    return redirect(url_for("people.person", person_id=gone_id), 303)
