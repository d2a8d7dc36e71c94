"""What a certificate is worth on a day. Pure."""

import enum
from collections.abc import Mapping
from datetime import date

from certificates.register.models import Certificate


class State(enum.Enum):
    """The answer to whoever asks about a certificate; the values name badges."""

    MAKING = "making"
    VALID = "valid"
    NEWER = "newer"
    NOT_YET = "notready"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def state_on(certificate: Certificate, day: date, *, newer: bool) -> State:
    """Judge a certificate on a day; its first and last days count as valid.

    Its withdrawal and completion must be loaded. `newer` says that the holder has a later one of
    the same course, which leaves this one valid.
    """
    if certificate.withdrawal is not None:
        replaced = certificate.withdrawal.replaced_by_id is not None
        return State.REPLACED if replaced else State.WITHDRAWN
    if certificate.completion.annulled_on is not None:
        return State.WITHDRAWN
    if certificate.issued_at is None:
        return State.MAKING
    if day < certificate.valid_from:
        return State.NOT_YET
    if day > certificate.valid_until:
        return State.EXPIRED
    return State.NEWER if newer else State.VALID


def component_on(component: Mapping[str, object], whole: State, day: date) -> State:
    """Judge one component: it expires on its own date, in everything else it follows the whole."""
    if whole not in {State.VALID, State.NEWER}:
        return whole
    until = date.fromisoformat(str(component["valid_until"]))
    return State.EXPIRED if day > until else State.VALID
