"""The public page that says what a certificate is worth."""

import hmac
from datetime import date
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.register.numbers import read_number
from certificates.verification import shown
from certificates.verification.forms import VerifyForm
from certificates.verification.services import Finding
from certificates.verification.services import verify as judge
from training import clock, db
from training.accounts import throttle
from training.auth import public

FREE = 10
# Seconds. Many verify behind one address, and a code of 80 bits needs no more than this.
LONGEST_WAIT = 30

bp = Blueprint("verification", __name__)


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Ask for a number, and for the code of whoever has it."""
    return _page(VerifyForm(formdata=None), None)


@bp.post("/verify")
@public
def check() -> ResponseReturnValue:
    """Say what a certificate is worth on a day."""
    form = VerifyForm()
    if not form.validate():
        return _page(form, None), 422
    return _answer(form, form.number.data, form.code.data or "", form.on.data)


@bp.get("/V/<number>/<code>")
@bp.get("/v/<number>/<code>")
@public
def scanned(number: str, code: str) -> ResponseReturnValue:
    """Answer a scanned QR code for today."""
    form = VerifyForm(formdata=None, number=number, code=code)
    return _answer(form, number, code, None)


def _answer(form: VerifyForm, number: str, code: str, on: date | None) -> ResponseReturnValue:
    finding = judge(db.session(), number, code, on, at=clock.now())
    result = shown.found(finding, code_given=bool(code)) if finding else {"found": False}
    if wait := _wait(finding, number, code):
        return _page(form, None, throttled=wait), 429
    return _page(form, result)


def _wait(finding: Finding | None, number: str, code: str) -> int:
    """Return the seconds that a guesser waits; what is right or mistyped guesses nothing."""
    if read_number(number) is None or (finding and finding.with_code):
        return 0
    if finding and not code:
        return throttle.waiting(db.session(), _key(), at=clock.now())
    with db.transaction() as session:
        return throttle.take(session, _key(), free=FREE, longest=LONGEST_WAIT, at=clock.now())


def _key() -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    address = (request.remote_addr or "").encode()
    return f"verify:{hmac.digest(secret, address, 'sha256').hex()}"


def _page(form: VerifyForm, result: dict[str, Any] | None, throttled: int | None = None) -> str:
    return render_template(
        "verification/verify.html",
        form=form,
        result=result,
        throttled=throttled,
        published_at_note=_(
            "Check at the address your organisation publishes, not only at one you scanned."
        ),
    )
