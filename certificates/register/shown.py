"""What pages show of a certificate, whoever opens them."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from certificates.register.models import Certificate
from certificates.register.state import Held, State
from training import i18n

STATE_LABELS = {
    State.MAKING: _l("Being made"),
    State.VALID: _l("Valid"),
    State.NEWER: _l("Valid; a newer one exists"),
    State.NOT_YET: _l("Not valid yet"),
    State.EXPIRED: _l("Expired"),
    State.REPLACED: _l("Replaced"),
    State.WITHDRAWN: _l("Withdrawn"),
}


def worth(state: State) -> dict[str, Any]:
    """Return a state as a badge shows it."""
    return {"state": state.value, "state_label": STATE_LABELS[state]}


def limits(certificate: Certificate) -> dict[str, Any]:
    """Return what a certificate does not prove: the modules it leaves out, and a real person."""
    language = i18n.content_language()
    titles = [title[language] for title in certificate.module_titles]
    return {
        "only": "; ".join(titles) if certificate.partial else None,
        "demonstration": certificate.demonstration,
    }


def components(held: Held, day: date) -> list[dict[str, Any]]:
    """Return the components of a certificate as they stand on a day."""
    language = i18n.content_language()
    return [
        {"title": part.titles[language], "valid_until": part.valid_until, **worth(state)}
        for part, state in held.parts_on(day)
    ]
