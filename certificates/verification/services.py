"""Whether a certificate exists and what it is worth on a day; nobody needs an account."""

from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest

from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from certificates.register.numbers import read_code, read_number
from certificates.register.reading import numbered
from certificates.register.state import Held, State
from training.accounts.models import Organisation
from training.clock import day_at

# The default of an organisation, for a certificate of one that is gone.
ZONE = "Europe/Amsterdam"


@dataclass(frozen=True)
class Finding:
    """What may be said of a certificate to somebody who has its number, or its code as well."""

    held: Held
    day: date
    with_code: bool

    @property
    def state(self) -> State:
        """Return what it is worth on the day."""
        return self.held.on(self.day)


def verify(
    session: Session, number: str, code: str, on: date | None, *, at: datetime
) -> Finding | None:
    """Judge a certificate on a day; None when there is none of this number.

    Without a day it is today where the organisation is that issued it. A wrong code says no more
    than no code at all.
    """
    read = read_number(number)
    held = None if read is None else numbered(session, read)
    if held is None:
        return None
    certificate = held.certificate
    right = compare_digest(read_code(code).encode(), certificate.code.encode())
    return Finding(held, on or _today(session, certificate, at), right)


def _today(session: Session, certificate: Certificate, at: datetime) -> date:
    issuer = certificate.organisation_id
    organisation = None if issuer is None else session.get(Organisation, issuer)
    return day_at(at, organisation.time_zone if organisation else ZONE)
