"""Which failures a sign-in meets and leaves: of the account, at this address, and of the address.

Accounts and addresses come as keyed hashes. Rows are locked in one order: account, then pair.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from training.accounts import throttle
from training.accounts.guessing import MANY_FROM_ADDRESS, Failures, delays
from training.accounts.models import Throttle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Try:
    """A try to sign in, by the hashes of the account that was named and of the address."""

    account: str
    address: str

    @property
    def account_key(self) -> str:
        """Return the key of the account, wherever it is tried."""
        return f"account:{self.account}"

    @property
    def pair_key(self) -> str:
        """Return the key of the account at this address."""
        return f"pair:{self.account}:{self.address}"

    @property
    def address_key(self) -> str:
        """Return the key of the address, whatever is tried there."""
        return f"address:{self.address}"


def take(session: Session, tried: Try, *, at: datetime) -> int:
    """Count a try as failed until it succeeds; return the seconds to wait first."""
    account = throttle.held(session, tried.account_key, at=at)
    pair = throttle.held(session, tried.pair_key, at=at)
    # Where the account signed in lately it goes on, whatever is tried elsewhere.
    known = pair.succeeded_at is not None and pair.succeeded_at > at - throttle.KNOWN_FOR
    wait = max(throttle.left(pair, at=at), 0 if known else throttle.left(account, at=at))
    if wait:
        return wait
    address = session.get(Throttle, tried.address_key)
    others = address.failures if address and address.last_at > at - throttle.FORGOTTEN_AFTER else 0
    seconds = delays(Failures(pair.failures + 1, account.failures + 1, others))
    throttle.count(pair, seconds.pair, at=at)
    if not known:
        throttle.count(account, seconds.account, at=at)
    return 0


def failed(session: Session, tried: Try, *, at: datetime) -> None:
    """Count a failure of the address: only failures, so that a full barracks slows nobody down."""
    row = throttle.held(session, tried.address_key, at=at)
    throttle.count(row, 0, at=at)
    if row.failures == MANY_FROM_ADDRESS:
        log.warning("many sign-ins from one address have failed")


def succeeded(session: Session, tried: Try, *, at: datetime) -> None:
    """Forget the failures of the account, and know it at this address from now on."""
    throttle.forgive(session, tried.account_key, at=at)
    throttle.forgive(session, tried.pair_key, at=at, remember=True)


def release(session: Session, account: str, *, at: datetime) -> None:
    """Let nobody wait for this account any longer, as when its holder gets a new start code."""
    keys = or_(Throttle.key == f"account:{account}", Throttle.key.startswith(f"pair:{account}:"))
    session.execute(
        update(Throttle)
        .where(keys)
        .values(failures=0, blocked_until=at, last_at=at)
        .execution_options(synchronize_session=False)
    )
