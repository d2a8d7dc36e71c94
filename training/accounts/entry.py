"""What the ways in share: beginning a session, where one arrives, and the key of all hashes."""

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from training import clock, db
from training.accounts import browsers, codes, sessions, sign_in_throttle
from training.addresses import local
from training.auth import HELD, signed_in


def key() -> str:
    """Return the installation's key."""
    return str(current_app.config["SECRET_KEY"])


def a_try(user_name: str) -> sign_in_throttle.Try:
    """Return what a try is counted under: the table tells nobody which names were tried."""
    address = request.remote_addr or ""
    return sign_in_throttle.Try(account(user_name), codes.short_hash(key(), "address", address))


def account(user_name: str) -> str:
    """Return what stands for a user name in the table of failures."""
    return codes.short_hash(key(), "account", user_name.strip().lower())


def too_many(seconds: int) -> str:
    """Return what is said to somebody who has to wait before the next try."""
    return _("Too many tries. Please wait %(seconds)s seconds and try again.", seconds=seconds)


def begin(current: Session, person_id: int, *, own_device: bool, second_step: bool = False) -> str:
    """Begin a session in this browser, in the caller's transaction; the one it had ends."""
    now = clock.now()
    if current_user.is_authenticated:
        sessions.end(current, signed_in().session_id, at=now)
    return sessions.begin(
        current,
        person_id,
        own_device=own_device,
        second_step=second_step,
        browser=browsers.family(request.user_agent.string),
        at=now,
    )


def carry(token: str) -> None:
    """Give the browser the token of its new session, and little of what it carried before."""
    person = sessions.find(db.session(), token, at=clock.now())
    if person is None:
        abort(403)
    same = sessions.owner(db.session(), session.get("_user_id", "")) == person.person_id
    # Forms that the same person still has open in other windows stay good.
    names = (HELD, "csrf_token") if same else (HELD,)
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)
    login_user(person)


def arrive() -> ResponseReturnValue:
    """Lead on: to the form that was held, the page that was asked for, or the first one."""
    return redirect(_after(), 303)


def _after() -> str:
    if HELD in session:
        return url_for("accounts.continue_held")
    return local(request.args.get("next", "")) or url_for("home.home")


def second_step_key(person_id: int) -> str:
    """Return the key under which wrong codes of a person's second step are counted."""
    return f"second:{codes.short_hash(key(), 'second step', str(person_id))}"
