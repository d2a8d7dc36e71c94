"""Codes in Crockford's base 32: no I, L, O or U, so what is read aloud is typed right. Pure."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def drawn(length: int) -> str:
    """Return random letters, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def written(number: int, length: int) -> str:
    """Return the letters that stand for the lowest bits of a number."""
    base = len(ALPHABET)
    return "".join(ALPHABET[number // base**place % base] for place in range(length))


def plain(typed: str) -> str:
    """Return the letters of a code, however it was typed."""
    return typed.upper().translate(_MISREAD)


def grouped(letters: str, size: int = GROUP, between: str = "-") -> str:
    """Return letters in groups, e.g. `7K3M-9XQ2-VT4D`."""
    return between.join(letters[i : i + size] for i in range(0, len(letters), size))
