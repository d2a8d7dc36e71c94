"""Getting in and out: signing in, choosing a password, the language, a form that was held."""

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from training import clock, db, installation
from training.accounts import (
    access,
    demonstration,
    entry,
    sessions,
    trying,
)
from training.accounts.forms import OWN, SignInForm
from training.addresses import local
from training.auth import HELD, public, requires, signed_in
from training.i18n import LANGUAGES
from training.permissions import Permission

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
    name, own = form.user_name.data.lower(), form.device.data == OWN
    answer = trying.enter(name, form.password.data, own_device=own)
    if answer.token:
        entry.carry(answer.token)
        return entry.arrive()
    form.form_errors.append(
        entry.too_many(answer.wait)
        if answer.wait
        else _("The user name and the password or code do not go together.")
    )
    return _sign_in_page(form), answer.status


def _sign_in_page(form: SignInForm) -> str:
    people = demonstration.SHOWN if installation.settings().demonstration else ()
    return render_template(
        "accounts/sign_in.html", form=form, held=HELD in session, demo_people=people
    )


@bp.get("/continue")
@requires(Permission.LEARN)
def continue_held() -> ResponseReturnValue:
    """Offer to send what was filled in before the session ended, to the same person only."""
    token = session.get(HELD, "")
    held = sessions.held_form(db.session(), token, signed_in().person_id, at=clock.now())
    if held is None:
        session.pop(HELD, None)
        return redirect(url_for("home.home"))
    return render_template(
        "accounts/continue_held.html", action=held.path, fields=held.fields, expired=False
    )


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
    if not installation.settings().demonstration or name not in names:
        abort(404)
    found = access.credentials(db.session(), name, at=clock.now())
    if found is None:
        abort(404)
    with db.transaction() as current:
        token = entry.begin(current, found.person_id, own_device=False, second_step=True)
    entry.carry(token)
    return entry.arrive()
