"""Where somebody is signed in, and how they get in: their own access, seen by themselves."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.accounts import access, second_factor, sessions
from training.accounts.models import SignInSession
from training.addresses import local
from training.auth import requires, signed_in
from training.permissions import Permission

bp = Blueprint("where", __name__, url_prefix="/access")


@bp.get("/")
@requires(Permission.LEARN)
def signed_in_at() -> str:
    """List where one is signed in."""
    me = signed_in()
    rows = sessions.of_person(db.session(), me, at=clock.now())
    stepped = second_factor.is_set_up(db.session(), me.person_id)
    return render_template(
        "accounts/access.html",
        rows=[_row(row) for row in rows],
        others=any(row.id != me.session_id for row in rows),
        codes_left=second_factor.codes_left(db.session(), me.person_id) if stepped else None,
    )


def _row(row: SignInSession) -> dict[str, Any]:
    return {
        "browser": row.browser or _("Another browser"),
        "begun_at": row.created_at,
        "used_at": row.last_seen_at,
        "own_device": row.own_device,
        "is_this": row.id == signed_in().session_id,
        "end_url": url_for("where.end", session_id=row.id),
    }


@bp.post("/sessions/<int:session_id>/end")
@requires(Permission.LEARN)
def end(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with db.transaction() as session:
        sessions.end_own(session, signed_in().person_id, session_id, at=clock.now())
    flash(_("You are signed out there."))
    return redirect(url_for("where.signed_in_at"), 303)


@bp.post("/sessions/end-others")
@requires(Permission.LEARN)
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    me = signed_in()
    with db.transaction() as session:
        sessions.end_all(session, me.person_id, at=clock.now(), but=me.session_id)
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("where.signed_in_at"), 303)


@bp.post("/notice")
@requires(Permission.LEARN)
def dismiss() -> ResponseReturnValue:
    """Stop showing that one's access was reset."""
    with db.transaction() as session:
        access.dismiss_notice(session, signed_in().person_id)
    return redirect(local(request.form.get("next", "")) or url_for("home.home"), 303)
