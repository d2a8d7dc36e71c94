"""One-time codes: derived from a request, kept as keyed hashes. Pure.

A random code of 50 bits or more needs no slow hash: whoever steals the table alone cannot try
a single code without the installation's key (docs/decisions/0006).
"""

import hashlib
import hmac
from datetime import timedelta

from training import crockford
from training.accounts import passwords

START_CODE_FOR = timedelta(days=14)
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
SCHEME = "hmac-sha256$"


def keyed(key: str, purpose: str, *about: object) -> bytes:
    """Return the keyed digest of something, for one purpose only."""
    text = "\x1f".join([purpose, *map(str, about)])
    return hmac.digest(key.encode(), text.encode(), "sha256")


def start_code(key: str, token: str, person_id: int) -> str:
    """Return the start code of a person in a request: the same for the same request."""
    digest = int.from_bytes(keyed(key, "start code", token, person_id), "big")
    return crockford.grouped(crockford.written(digest, passwords.CODE_LENGTH))


def start_code_hash(key: str, person_id: int, code: str) -> str:
    """Return the hash under which a start code is kept."""
    return SCHEME + keyed(key, "start code hash", person_id, code).hex()


def matches(key: str, person_id: int, stored: str | None, typed: str) -> bool:
    """Compare a start code, in the time of a password unless it is right."""
    code = passwords.plain_code(typed)
    if stored is not None and stored.startswith(SCHEME):
        if hmac.compare_digest(stored, start_code_hash(key, person_id, code)):
            return True
        stored = None
    # The first administrator's code, made on the command line, is kept like a password.
    return passwords.verify(stored, code)


def token_hash(key: str, actor_id: int, token: str) -> str:
    """Return what a request for start codes is remembered by."""
    return keyed(key, "code request", actor_id, token).hex()


def recovery_codes() -> list[str]:
    """Return ten new recovery codes of 50 bits, e.g. `7K3M9-XQ2VT`."""
    made = (crockford.drawn(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES))
    return [crockford.grouped(code, RECOVERY_LENGTH // 2) for code in made]


def recovery_code_hash(key: str, person_id: int, typed: str) -> str:
    """Return the hash of a recovery code, however it was typed."""
    return keyed(key, "recovery code", person_id, crockford.plain(typed)).hex()


def short_hash(key: str, purpose: str, value: str) -> str:
    """Return what stands for a name or an address in the table of failures."""
    return hashlib.sha256(keyed(key, purpose, value)).hexdigest()[:32]
