"""The public page that says what a certificate is worth."""

import hmac
from datetime import date
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certificates.register.state import State
from certificates.register.views import STATE_LABELS
from certificates.verification.forms import VerifyForm
from certificates.verification.services import Finding
from certificates.verification.services import verify as judge
from training import clock, db, i18n
from training.accounts import throttle
from training.auth import public

FREE = 10
ZONE = "Europe/Amsterdam"

bp = Blueprint("verification", __name__)

EXPLANATIONS = {
    State.MAKING: _l("It has been earned, and the document is still being made."),
    State.VALID: _l("It is ours and it counts on this day."),
    State.NEWER: _l("It counts on this day. The holder also has a newer one."),
    State.NOT_YET: _l("This day is before the day on which it was achieved."),
    State.EXPIRED: _l("It was valid, but not on this day any more."),
    State.REPLACED: _l("A corrected certificate took its place. Ask for the new one."),
    State.WITHDRAWN: _l("It does not count. Ask the organisation that issued it."),
}


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
    on = form.on.data or _today()
    return _answer(form, form.number.data, form.code.data or "", on)


@bp.get("/V/<number>/<code>")
@bp.get("/v/<number>/<code>")
@public
def scanned(number: str, code: str) -> ResponseReturnValue:
    """Answer a scanned QR code for today."""
    form = VerifyForm(formdata=None, number=number, code=code)
    return _answer(form, number, code, _today())


def _today() -> date:
    return clock.day_at(clock.now(), ZONE)


def _answer(form: VerifyForm, number: str, code: str, on: date) -> ResponseReturnValue:
    key = _key()
    if wait := throttle.waiting(db.session(), key, at=clock.now()):
        return _page(form, None, throttled=wait), 429
    finding = judge(db.session(), number, code, on)
    guessed = finding is None or (bool(code) and not finding.with_code)
    result = _unknown(number, on) if finding is None else shown(finding, on, bool(code))
    if guessed:
        with db.transaction() as session:
            throttle.take(session, key, free=FREE, at=clock.now())
    return _page(form, result)


def _key() -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    address = (request.remote_addr or "").encode()
    return f"verify:{hmac.digest(secret, address, 'sha256').hex()}"


def _unknown(number: str, on: date) -> dict[str, Any]:
    return {
        "found": False,
        "state": "unknown",
        "state_label": _("Not known"),
        "explanation": _("We have no certificate of this number. Look at the paper once more."),
        "number": number,
        "on": on,
        "components": [],
        "with_code": False,
    }


def shown(finding: Finding, on: date, code_given: bool) -> dict[str, Any]:  # noqa: FBT001 - two ways to ask
    """Return what a page may show of a finding."""
    language = i18n.content_language()
    explanation = str(EXPLANATIONS[finding.state])
    if code_given and not finding.with_code:
        explanation += " " + _("The code does not belong to this number.")
    result = {
        "found": True,
        "state": finding.state.value,
        "state_label": STATE_LABELS[finding.state],
        "explanation": explanation,
        "number": finding.certificate.number,
        "on": on,
        "components": [
            {
                "title": title[language],
                "state": state.value,
                "state_label": STATE_LABELS[state],
                "valid_until": until,
            }
            for title, state, until in finding.components
        ],
        "with_code": finding.with_code,
    }
    return result | (_of_holder(finding, language) if finding.with_code else {})


def _of_holder(finding: Finding, language: str) -> dict[str, Any]:
    certificate = finding.certificate
    return {
        "holder_name": certificate.holder_name,
        "rank": certificate.rank,
        "course_title": certificate.course_title[language],
        "version": certificate.version,
        "achieved_on": certificate.achieved_on,
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "organisation": certificate.organisation,
        "partial": certificate.partial,
        "demonstration": certificate.demonstration,
    }


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
