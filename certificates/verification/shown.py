"""What anybody may see of a certificate: with its number, and with its code as well."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certificates.register import shown
from certificates.register.models import Certificate
from certificates.register.state import COUNTS, State
from certificates.verification.services import Finding
from training import i18n

EXPLANATIONS = {
    State.MAKING: _l("It has been earned, and the document is still being made."),
    State.VALID: _l("It is ours and it counts on this day."),
    State.NEWER: _l("It counts on this day. The holder also has a newer one."),
    State.NOT_YET: _l("This day is before the day on which it was achieved."),
    State.EXPIRED: _l("It was valid, but not on this day any more."),
    State.REPLACED: _l("A corrected certificate took its place. Ask for the new one."),
    State.WITHDRAWN: _l("It does not count. Ask the organisation that issued it."),
}
# A part of the training does not stand for the whole of it.
IN_PART = {
    State.VALID: _l("It is ours and valid on this day, but for a part of the training only."),
    State.NEWER: _l(
        "It is valid on this day, but for a part of the training only. "
        "The holder also has a newer one."
    ),
}

WRONG_CODE = {"state": "risk", "state_label": _l("Wrong code")}
FOR_SHOW = _l("It is ours, but it was made for a demonstration and does not count.")


def found(finding: Finding, *, code_given: bool) -> dict[str, Any]:
    """Return what a page may show of a finding."""
    certificate, parts = finding.held.certificate, shown.components(finding.held, finding.day)
    answer = shown.worth(finding.state) | {
        "explanation": _explanation(finding, parts),
        "components": parts,
    }
    if code_given and not finding.with_code:
        answer |= _of_wrong_code(finding, str(answer["explanation"]))
    return {
        "found": True,
        **answer,
        "number": certificate.number,
        "on": finding.day,
        **shown.limits(certificate),
        "with_code": finding.with_code,
        **(_of_holder(certificate) if finding.with_code else {}),
    }


def _explanation(finding: Finding, parts: list[dict[str, Any]]) -> str:
    explanation = str(_explained(finding.held.certificate, finding.state))
    expired = any(part["state"] == State.EXPIRED.value for part in parts)
    if finding.state in COUNTS and expired:
        explanation += " " + _("A part of it has expired on this day: see below.")
    return explanation


def _of_wrong_code(finding: Finding, explanation: str) -> dict[str, Any]:
    if finding.state not in COUNTS:
        return {"explanation": f"{explanation} {_('The code does not belong to this number.')}"}
    # Whoever copies a good number onto another paper must not see it called valid.
    return WRONG_CODE | {
        "explanation": _(
            "A certificate with this number exists, but the code does not belong to it. Compare "
            "every character with the paper. If it still does not fit, do not accept it: ask the "
            "sending organisation."
        ),
        "components": [],
    }


def _explained(certificate: Certificate, state: State) -> object:
    if state in COUNTS and certificate.partial:
        return IN_PART[state]
    return FOR_SHOW if state in COUNTS and certificate.demonstration else EXPLANATIONS[state]


def _of_holder(certificate: Certificate) -> dict[str, Any]:
    return {
        "holder_name": certificate.holder_name,
        "native_name": certificate.native_name,
        "rank": certificate.rank,
        "course_title": certificate.course_title[i18n.content_language()],
        "version": certificate.version,
        "achieved_on": certificate.achieved_on,
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "organisation": certificate.organisation,
    }
