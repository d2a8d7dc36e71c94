"""The second step of signing in, for people with a role: setting it up and passing it."""

import segno
from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db
from training.accounts import codes, entry, second_factor, throttle, totp
from training.accounts.code_forms import SecondStepForm
from training.auth import requires, signed_in
from training.errors import Invalid
from training.permissions import Permission

FREE = 3
ISSUER = "Mission Training"

bp = Blueprint("second_step", __name__)


@bp.get("/second-step")
@requires(Permission.LEARN)
def ask() -> ResponseReturnValue:
    """Ask for a code, or show how to set the second step up."""
    if not signed_in().must_pass_second_step:
        return entry.arrive()
    return _page(SecondStepForm(formdata=None))


@bp.post("/second-step")
@requires(Permission.LEARN)
def enter() -> ResponseReturnValue:
    """Take a code of the authenticator, or a recovery code."""
    me, form = signed_in(), SecondStepForm()
    if not me.must_pass_second_step:
        return entry.arrive()
    if not form.validate() or not _may_try(form):
        return _page(form), 422 if form.code.errors else 429
    try:
        with db.transaction() as session:
            second_factor.pass_step(
                session, me.person_id, me.session_id, form.code.data, entry.key(), clock.now()
            )
            throttle.forgive(session, entry.second_step_key(me.person_id), at=clock.now())
    except Invalid as error:
        form.refuse(error, _(str(error)))
        return _page(form), 422
    return entry.arrive()


@bp.post("/second-step/set-up")
@requires(Permission.LEARN)
def set_up() -> ResponseReturnValue:
    """Take an authenticator on and show the recovery codes, this once."""
    me, form = signed_in(), SecondStepForm()
    if not me.must_pass_second_step:
        return entry.arrive()
    if not form.validate() or not _may_try(form):
        return _page(form), 422 if form.code.errors else 429
    key, at = entry.key(), clock.now()
    try:
        with db.transaction() as session:
            made = second_factor.set_up(
                session, me.person_id, me.session_id, _salt(), form.code.data, key, at
            )
            throttle.forgive(session, entry.second_step_key(me.person_id), at=at)
    except Invalid as error:
        form.refuse(error, _(str(error)))
        return _page(form), 422
    return _recovery_page(made)


@bp.post("/second-step/recovery-codes")
@requires(Permission.LEARN)
def recovery_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them, this once."""
    with db.transaction() as session:
        made = second_factor.renew_codes(session, signed_in().person_id, entry.key(), clock.now())
    return _recovery_page(made)


def _may_try(form: SecondStepForm) -> bool:
    key = entry.second_step_key(signed_in().person_id)
    with db.transaction() as session:
        wait = throttle.take(session, key, free=FREE, at=clock.now())
    if wait:
        form.form_errors.append(entry.too_many(wait))
    return not wait


def _salt() -> str:
    # The same for all of this session, so that a page that is loaded again shows the same key.
    return codes.keyed(entry.key(), "salt", signed_in().token).hex()


def _page(form: SecondStepForm) -> str:
    me = signed_in()
    if second_factor.is_set_up(db.session(), me.person_id):
        return render_template("accounts/second_step.html", form=form)
    shared = totp.secret(entry.key(), _salt())
    square = segno.make(totp.address(shared, me.user_name, ISSUER), error="m")
    return render_template(
        "accounts/second_step_set_up.html",
        form=form,
        secret=totp.readable(shared),
        square=square.svg_data_uri(scale=5, border=4, light="#ffffff"),
        set_up_url=url_for("second_step.set_up"),
    )


def _recovery_page(made: list[str]) -> str:
    return render_template("accounts/recovery_codes.html", codes=made)


for view in (ask, enter, set_up):
    view.before_second_step = True  # type: ignore[attr-defined]
