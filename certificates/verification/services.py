"""Whether a certificate exists and what it is worth on a day; nobody needs an account."""

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from certificates.register.models import Certificate
from certificates.register.newer import has_newer
from certificates.register.numbers import read_code, read_number
from certificates.register.state import State, component_on, state_on


@dataclass(frozen=True)
class Finding:
    """What may be said of a certificate to somebody who has its number, or its code as well."""

    certificate: Certificate
    state: State
    components: tuple[tuple[dict[str, str], State, date], ...]
    with_code: bool


def verify(session: Session, number: str, code: str, on: date) -> Finding | None:
    """Judge a certificate on a day; None when there is none of this number.

    A wrong code says no more than no code at all.
    """
    read = read_number(number)
    if read is None:
        return None
    row = session.execute(
        select(Certificate, has_newer())
        .join(Certificate.completion)
        .outerjoin(Certificate.withdrawal)
        .options(contains_eager(Certificate.completion), contains_eager(Certificate.withdrawal))
        .where(Certificate.number == read)
    ).first()
    if row is None:
        return None
    certificate, newer = row
    state = state_on(certificate, on, newer=newer)
    return Finding(
        certificate,
        state,
        tuple(
            (c["title"], component_on(c, state, on), date.fromisoformat(str(c["valid_until"])))
            for c in certificate.components
        ),
        compare_digest(read_code(code).encode(), certificate.code.encode()),
    )
