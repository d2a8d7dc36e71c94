"""The second step: six digits of an authenticator (TOTP, RFC 6238). Pure."""

import base64
import hmac
from datetime import datetime

from pyotp import TOTP

from training import crockford
from training.accounts.codes import keyed

STEP = 30
SECRET_BYTES = 20
DIGITS = 6


def secret(key: str, salt: str) -> str:
    """Return the secret that server and authenticator share, in base 32."""
    return base64.b32encode(keyed(key, "second factor", salt)[:SECRET_BYTES]).decode()


def readable(shared: str) -> str:
    """Return a secret in groups of four, to be typed by hand."""
    return crockford.grouped(shared, between=" ")


def address(shared: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator reads from the QR code."""
    return TOTP(shared).provisioning_uri(name=account, issuer_name=issuer)


def step_at(at: datetime) -> int:
    """Return the number of the half minute."""
    return int(at.timestamp()) // STEP


def step_of(shared: str, typed: str, *, last: int | None, at: datetime) -> int | None:
    """Return the half minute a code belongs to: now, the one before or the one after.

    None for a wrong code, and for one that is not newer than the last one taken.
    """
    now = step_at(at)
    if last is not None and last > now + 1:
        last = None  # The clock was ahead when it was taken; nobody waits until it is there again.
    given = "".join(typed.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    for step in (now, now - 1, now + 1):
        right = hmac.compare_digest(TOTP(shared).generate_otp(step), given)
        if right and (last is None or step > last):
            return step
    return None
