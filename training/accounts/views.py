"""Getting in and out: signing in, choosing a password, the language, a form that was held."""

import hmac

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from training import clock, db
from training.accounts import access, demonstration, passwords, sessions, throttle
from training.accounts.forms import PasswordForm, SignInForm
from training.addresses import local
from training.auth import HELD, public, requires, signed_in
from training.config import Settings
from training.i18n import LANGUAGES
from training.permissions import Permission

FREE_FOR_ACCOUNT = 3
FREE_FOR_ADDRESS = 30

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is."""
    if current_user.is_authenticated:
        return redirect(url_for("home.home"))
    return _sign_in_page(SignInForm())


@bp.post("/sign-in")
@public
def try_sign_in() -> ResponseReturnValue:
    """Let the person in, or say what is wrong without saying whether the name exists."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    name, typed = form.user_name.data.lower(), form.password.data
    if wait := _wait(name):
        form.form_errors.append(
            _("Too many tries. Please wait %(seconds)s seconds and try again.", seconds=wait)
        )
        return _sign_in_page(form), 429
    person_id = _recognise(name, typed)
    if person_id is None:
        form.form_errors.append(_("The user name and the password or code do not go together."))
        return _sign_in_page(form), 422
    _enter(person_id, name, own_device=form.own_device.data)
    return redirect(_after_sign_in(), 303)


def _sign_in_page(form: SignInForm) -> str:
    people = demonstration.SHOWN if _settings().demonstration else ()
    return render_template(
        "accounts/sign_in.html", form=form, held=HELD in session, demo_people=people
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _wait(name: str) -> int:
    with db.transaction() as current:
        now = clock.now()
        account = throttle.take(current, _key("account", name), free=FREE_FOR_ACCOUNT, at=now)
        address = throttle.take(
            current, _key("address", request.remote_addr or ""), free=FREE_FOR_ADDRESS, at=now
        )
    return max(account, address)


def _key(kind: str, value: str) -> str:
    # Keyed, so that the table tells nobody which names or addresses were tried.
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return f"{kind}:{hmac.digest(secret, value.encode(), 'sha256').hex()}"


def _recognise(name: str, typed: str) -> int | None:
    found = access.credentials(db.session(), name, at=clock.now())
    given = passwords.plain_code(typed) if found and found.by_code else typed
    matched = passwords.verify(found.stored if found else None, given)
    return found.person_id if found and matched else None


def _enter(person_id: int, name: str, *, own_device: bool) -> None:
    now = clock.now()
    with db.transaction() as current:
        throttle.forgive(current, _key("account", name), at=now)
        throttle.forgive(current, _key("address", request.remote_addr or ""), at=now)
        if current_user.is_authenticated:
            sessions.end(current, signed_in().session_id, at=now)
        token = sessions.begin(current, person_id, own_device=own_device, at=now)
    held = session.get(HELD)
    session.clear()
    if held is not None:
        session[HELD] = held
    person = sessions.find(db.session(), token, at=now)
    if person is None:
        abort(403)
    login_user(person)


def _after_sign_in() -> str:
    if HELD in session:
        return url_for("accounts.continue_held")
    return local(request.args.get("next", "")) or url_for("home.home")


@bp.get("/continue")
@requires(Permission.LEARN)
def continue_held() -> ResponseReturnValue:
    """Offer to send what was filled in before the session ended, to the same person only."""
    token = session.get(HELD, "")
    held = sessions.held_form(db.session(), token, signed_in().person_id, at=clock.now())
    if held is None:
        session.pop(HELD, None)
        return redirect(url_for("home.home"))
    return render_template("accounts/continue_held.html", action=held.path, fields=held.fields)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session, on the server too."""
    if current_user.is_authenticated:
        with db.transaction() as current:
            sessions.end(current, signed_in().session_id, at=clock.now())
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.LEARN)
def choose_password() -> ResponseReturnValue:
    """Choose a password; after a start code nothing else can be done first."""
    me = signed_in()
    form = PasswordForm((me.user_name, me.printed_name))
    if not form.validate_on_submit():
        page = render_template("accounts/choose_password.html", form=form)
        return page, 422 if form.errors else 200
    hashed = passwords.hash_secret(form.password.data, fast=_settings().fast_hashing)
    with db.transaction() as current:
        access.choose_password(
            current, me.person_id, hashed, session_id=me.session_id, at=clock.now()
        )
    flash(_("Your password is set."))
    return redirect(_after_sign_in(), 303)


choose_password.before_password = True  # type: ignore[attr-defined]


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Change the language, for good when somebody is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    if current_user.is_authenticated:
        with db.transaction() as current:
            access.set_language(current, signed_in().person_id, chosen)
    return redirect(local(request.form.get("next", "")) or url_for("home.home"), 303)


@bp.post("/demonstration")
@public
def demo_sign_in() -> ResponseReturnValue:
    """Sign in as an invented person, in the demonstration only."""
    names = {person["user_name"] for person in demonstration.SHOWN}
    name = request.form.get("user_name", "")
    if not _settings().demonstration or name not in names:
        abort(404)
    found = access.credentials(db.session(), name, at=clock.now())
    if found is None:
        abort(404)
    if current_user.is_authenticated:
        logout_user()
    _enter(found.person_id, name, own_device=False)
    return redirect(_after_sign_in(), 303)
