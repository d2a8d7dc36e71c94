"""Choosing a password: after a start code, or in place of the present one."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db, installation
from training.accounts import access, entry, passwords, sign_in_throttle
from training.accounts.forms import PasswordForm
from training.accounts.views import bp
from training.auth import requires, signed_in
from training.errors import Forbidden
from training.permissions import Permission

__all__ = ["Blueprint", "bp"]


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.LEARN)
def choose_password() -> ResponseReturnValue:
    """Choose a password; after a start code nothing else can be done first."""
    me = signed_in()
    form = PasswordForm((me.user_name, me.printed_name))
    if me.must_choose_password:
        del form.password_now
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    present, status = (None, 200) if me.must_choose_password else _present(form)
    if status != 200:  # noqa: PLR2004 - nothing is wrong
        return _page(form), status
    hashed = passwords.hash_secret(form.password.data, fast=installation.settings().fast_hashing)
    _keep(hashed, present)
    flash(_("Your password is set."))
    return entry.arrive()


choose_password.before_password = True  # type: ignore[attr-defined]


def _page(form: PasswordForm) -> str:
    return render_template("accounts/choose_password.html", form=form)


def _present(form: PasswordForm) -> tuple[access.Credentials | None, int]:
    """Compare the present password, counted as a try to sign in; return the status of a refusal."""
    name = signed_in().user_name
    tried = entry.a_try(name)
    with db.transaction() as session:
        wait = sign_in_throttle.take(session, tried, at=clock.now())
    if wait:
        form.form_errors.append(entry.too_many(wait))
        return None, 429
    found = access.credentials(db.session(), name, at=clock.now())
    right = passwords.verify(found.stored if found else None, form.password_now.data)
    with db.transaction() as session:
        done = sign_in_throttle.succeeded if right else sign_in_throttle.failed
        done(session, tried, at=clock.now())
    if not right:
        form.password_now.errors = [_("This is not your present password.")]
        return None, 422
    return found, 200


def _keep(hashed: str, present: access.Credentials | None) -> None:
    me = signed_in()
    with db.transaction() as session:
        if present and not access.still_holds(session, present):
            raise Forbidden("Your password has been changed meanwhile. Please sign in again.")
        access.choose_password(
            session,
            me.person_id,
            hashed,
            session_id=me.session_id,
            at=clock.now(),
            by_code=me.must_choose_password,
        )
