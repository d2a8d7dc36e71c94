"""Who is signed in, and what each view asks of them.

Deny by default: a view says `@public` or `@requires(…)`, or the application does not start.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError

from training import clock, db
from training.accounts import sessions
from training.accounts.sessions import SignedIn
from training.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
HELD = "held"
LARGEST_HELD = 100_000
NEVER_HELD = ("password", "repeat", "csrf_token", "code")

login = LoginManager()
login.session_protection = None  # The session row is the truth; a changed browser name is not.
log = logging.getLogger(__name__)


def public(view: View) -> View:
    """Let anybody open this view."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only a signed-in person with this permission open the view."""

    def _mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return _mark


def signed_in() -> SignedIn:
    """Return the signed-in person; only views that require a permission may ask."""
    person = current_user._get_current_object()  # noqa: SLF001 - the proxy hides every typo
    if not isinstance(person, SignedIn):
        abort(401)
    return person


def init_app(app: Flask) -> None:
    """Check every request against what its view has declared."""
    login.init_app(app)
    login.user_loader(_find)
    app.before_request(_guard)


def check_views(app: Flask) -> None:
    """Refuse to start with a view that has not said who may open it."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "permission")]
    if silent:
        raise RuntimeError(f"views without public or requires: {', '.join(sorted(silent))}")


def _find(token: str) -> SignedIn | None:
    return sessions.find(db.session(), token, at=clock.now())


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # There is no such page: a 404 for everybody.
    view = current_app.view_functions[request.endpoint]
    permission: Permission | None = getattr(view, "permission", None)
    if permission is None:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    person = signed_in()
    on_the_way = _on_the_way_in(view, person)
    if not on_the_way and (step := _step_before(person)):
        return _lead_to(step, person)
    if not person.viewer.may(permission):
        abort(403)
    if request.method == "POST" and not on_the_way:
        session.pop(HELD, None)  # The held form is on its way, or its sender does something else.
    if not person.seen_lately:
        _touch(person)
    return None


def _on_the_way_in(view: Any, person: SignedIn) -> bool:
    """Tell whether the view is part of getting in, and next for this person or already passed."""
    if getattr(view, "before_password", False):
        # A stolen password alone must not be enough to set another one.
        return person.must_choose_password or not person.must_pass_second_step
    return getattr(view, "before_second_step", False) and not person.must_choose_password


def _step_before(person: SignedIn) -> str | None:
    if person.must_choose_password:
        return url_for("accounts.choose_password")
    return url_for("second_step.ask", next=_wanted()) if person.must_pass_second_step else None


def _lead_to(step: str, person: SignedIn) -> ResponseReturnValue:
    if request.method == "POST" and may_send_again():
        _hold(person.token)
    return redirect(step, 303)


def _wanted() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _touch(person: SignedIn) -> None:
    # A database that cannot be written must not stop anybody from reading.
    try:
        with db.transaction() as current:
            sessions.touch(current, person.session_id, at=clock.now())
    except DBAPIError:
        log.warning("the session's last use could not be noted")
        db.session().rollback()


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error="signed_out"), 401
    ended = session.get("_user_id")
    if request.method == "POST" and ended:
        _hold(ended)
    elif ended:
        flash(_("Your session has ended. Please sign in again."))
    return redirect(url_for("accounts.sign_in", next=_wanted()), 303)


def sent_fields() -> list[list[str]]:
    """Return what a form sent, without its secrets."""
    return [
        [name, value]
        for name, value in request.form.items(multi=True)
        if not name.startswith(NEVER_HELD)
    ]


def may_send_again() -> bool:
    """Tell whether the form that came may be offered to its sender again."""
    view = current_app.view_functions.get(request.endpoint or "")
    getting_in = hasattr(view, "before_password") or hasattr(view, "before_second_step")
    # No other site gets its form shown here: a person might send it without a thought.
    own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    needed = getattr(view, "permission", None)
    return own and current_user.is_authenticated and needed is not None and not getting_in


def _hold(ended: str) -> None:
    fields = sent_fields()
    if sum(len(value) for _name, value in fields) > LARGEST_HELD:
        flash(_("Your session has ended, and what you sent was too long to keep."))
        return
    with db.transaction() as current:
        token = sessions.hold_form(current, ended, request.full_path, fields, at=clock.now())
    if token is not None:
        session[HELD] = token
