"""What a certificate is worth on a day. Pure."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from certificates.register.component import Component
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


COUNTS = frozenset({State.VALID, State.NEWER})


def judge(
    *,
    withdrawn: bool,
    replaced: bool,
    issued: bool,
    first: date,
    last: date,
    day: date,
    newer: bool,
) -> State:
    """Judge a certificate by its facts on a day; its first and last days count as valid."""
    if withdrawn:
        return State.REPLACED if replaced else State.WITHDRAWN
    if not issued:
        return State.MAKING
    if day < first:
        return State.NOT_YET
    if day > last:
        return State.EXPIRED
    return State.NEWER if newer else State.VALID


def state_on(certificate: Certificate, day: date, *, newer: bool) -> State:
    """Judge a certificate on a day; its first and last days count as valid.

    Its withdrawal and completion must be loaded. `newer` says that the holder has a later one of
    the same course, which leaves this one valid.
    """
    withdrawal, completion = certificate.withdrawal, certificate.completion
    annulled = completion is not None and completion.annulled_on is not None
    return judge(
        withdrawn=withdrawal is not None or annulled,
        replaced=withdrawal is not None and withdrawal.replaced_by_id is not None,
        issued=certificate.issued_at is not None,
        first=certificate.valid_from,
        last=certificate.valid_until,
        day=day,
        newer=newer,
    )


def component_on(component: Component, whole: State, day: date) -> State:
    """Judge one component: it expires on its own date, in everything else it follows the whole."""
    if whole not in COUNTS:
        return whole
    return State.EXPIRED if day > component.valid_until else State.VALID


@dataclass(frozen=True)
class Held:
    """A certificate with whether its holder has a later one that counts, of the same course."""

    certificate: Certificate
    newer: bool

    def on(self, day: date) -> State:
        """Judge it on a day."""
        return state_on(self.certificate, day, newer=self.newer)

    def parts_on(self, day: date) -> tuple[tuple[Component, State], ...]:
        """Judge each of its components on a day."""
        whole = self.on(day)
        return tuple((part, component_on(part, whole, day)) for part in self.certificate.parts)


def speaking(held: Iterable[Held], day: date) -> Held | None:
    """Return the certificate that speaks for its course on a day.

    One that counts goes before one that does not, and among those the later one.
    """
    return max(held, key=lambda h: (h.on(day) in COUNTS, h.certificate.id), default=None)
