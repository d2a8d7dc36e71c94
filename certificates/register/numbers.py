"""Certificate numbers and codes: random, readable, checked. Pure.

Crockford's base 32 has no I, L, O or U, so what is read aloud or typed is read rightly.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 9  # Random characters, 45 bits; the tenth is the check character.
CODE_LENGTH = 16  # 80 bits.
GROUP = 4
NUMBER_GROUP = 5
_MODULUS = 0b100101  # x^5 + x^2 + 1, of which x generates all 31 elements that are not 0.


def new_number() -> str:
    """Return a number that means nothing, e.g. `7K3M9-XQ2VT`; its last character is a check."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))
    return _grouped(letters + check_character(letters), NUMBER_GROUP)


def new_code() -> str:
    """Return a verification code of 80 bits, e.g. `7K3M-9XQ2-VT4D-0PHA`."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)), GROUP)


def check_character(letters: str) -> str:
    """Return the character that makes one wrong or two swapped characters visible.

    The letters are elements of the field of 32. Each has another power of its generator as its
    weight, so that no single change and no swap, of neighbours or others, adds up to nothing.
    """
    total = 0
    for letter in letters:
        total = _times_generator(total ^ ALPHABET.index(letter))
    return ALPHABET[total]


def _times_generator(element: int) -> int:
    doubled = element << 1
    return doubled ^ _MODULUS if doubled >= len(ALPHABET) else doubled


def read_number(typed: str) -> str | None:
    """Return a typed number as it is kept, or None when it cannot be one."""
    letters = _letters(typed)
    if len(letters) != NUMBER_LENGTH + 1 or not set(letters) <= set(ALPHABET):
        return None
    if check_character(letters[:-1]) != letters[-1]:
        return None
    return _grouped(letters, NUMBER_GROUP)


def read_code(typed: str) -> str:
    """Return a typed code as it is kept, whatever it is."""
    return _grouped(_letters(typed), GROUP)


def _letters(typed: str) -> str:
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters.replace("O", "0").replace("I", "1").replace("L", "1")


def _grouped(letters: str, size: int) -> str:
    return "-".join(letters[i : i + size] for i in range(0, len(letters), size))
