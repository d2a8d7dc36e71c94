"""Passwords and start codes: hashing by Argon2id and what may be chosen. Pure."""

import re
import secrets
from importlib import import_module

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from training import crockford

SHORTEST = 10
LONGEST = 128
STRONG_ENOUGH = 3
WORD = 3  # Shorter parts of a name occur in any sentence.
COMPARED = 72  # zxcvbn looks at no more; a longer password is stronger anyway.
CODE_LENGTH = 12

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_fast = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_secret(secret: str, *, fast: bool = False) -> str:
    """Return the Argon2id hash of a password or start code; `fast` is for tests only."""
    return (_fast if fast else _hasher).hash(secret)


_NOBODY = hash_secret(secrets.token_hex(16))


def verify(stored: str | None, given: str) -> bool:
    """Compare in the same time whether or not there is anything to compare with."""
    try:
        matched = _hasher.verify(stored or _NOBODY, given[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return matched and stored is not None


def start_code() -> str:
    """Return a new one-time start code of 60 bits, e.g. `7K3M-9XQ2-VT4D`."""
    return crockford.grouped(crockford.drawn(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """Return a start code as it was made, however it was typed."""
    return crockford.grouped(crockford.plain(typed))


def is_weak(password: str, about: tuple[str, ...]) -> bool:
    """Tell whether a password is common, leaked or made of what is known of the person."""
    words = [word for text in about for word in re.split(r"[\W_]+", text) if len(word) >= WORD]
    # A name with blanks in it counts as several words; what is left without it must be strong.
    own = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    left = own.sub("", password) if words else password
    if not left:
        return True
    # Its word lists take 12 MiB, which only a process that meets a new password needs.
    result = import_module("zxcvbn").zxcvbn(left[:COMPARED], user_inputs=words)
    return int(result["score"]) < STRONG_ENOUGH
