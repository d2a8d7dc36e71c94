"""How names sort and are found, alike on every database. Pure."""

import unicodedata

# Letters that Unicode does not take apart into a base and an accent.
UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | {"ı": "i"}  # noqa: RUF001 - the dotless letter of Turkish
)


def fold(text: str) -> str:
    """Return text without case, accents and punctuation: `Šarić-Ó'Neil` is `saric o neil`."""
    letters = text.lower() if text.isascii() else _plain(text)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def _plain(text: str) -> str:
    # Compatibility letters first become plain ones, which then have a case to fold.
    plain = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return kept.translate(UNDECOMPOSED)


def sort_key(printed_name: str) -> str:
    """Return the key a name is listed under: family name first, prefixes last."""
    words = fold(printed_name).split()
    return " ".join([*words[-1:], *words[:-1]])


def tokens(*texts: str | None) -> str:
    """Return everything a person may be found by, as words between spaces."""
    words = {word for text in texts if text for word in fold(text).split()}
    return " " + " ".join(sorted(words)) + " "
