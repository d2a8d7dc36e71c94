"""Characters that no reader can see and that may make a text say something else."""

import re
import unicodedata
from collections.abc import Iterator

# Controls but tab and line end; direction marks, overrides and isolates; what has no width.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029"
    "\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def forbidden(text: str) -> Iterator[str]:
    """Yield the name of each forbidden character of a text, each once."""
    for character in sorted(set(_FORBIDDEN.findall(text))):
        name = unicodedata.name(character, "control character")
        yield f"U+{ord(character):04X} ({name.lower()})"
