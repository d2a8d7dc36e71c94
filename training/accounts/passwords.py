"""Passwords and start codes: hashing by Argon2id and what may be chosen. Pure."""

import re
import secrets
from importlib import import_module

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128
STRONG_ENOUGH = 3
WORD = 3  # Shorter parts of a name occur in any sentence.
COMPARED = 72  # zxcvbn looks at no more; a longer password is stronger anyway.
# Crockford's base 32: no I, L, O or U, so that a code read aloud is typed right.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
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
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def plain_code(typed: str) -> str:
    """Return a start code as it was made, however it was typed."""
    letters = typed.upper().replace(" ", "").replace("-", "")
    letters = letters.replace("O", "0").replace("I", "1").replace("L", "1")
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


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
