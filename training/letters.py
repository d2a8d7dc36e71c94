"""Which characters a line of text must not hold. Pure."""

import unicodedata

# These turn or hide the text around them, so that a name can look like another one.
DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def unprintable(text: str) -> bool:
    """Tell whether a text has control characters, or those that turn its direction."""
    return any(
        character in DIRECTION
        or (unicodedata.category(character) == "Cc" and character not in "\r\n\t")
        for character in text
    )
