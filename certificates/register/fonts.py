"""What a document needs of the machine to be drawn, and how a name is written."""

import ctypes
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("/usr/share/fonts")

# WeasyPrint tries more names for other systems; these are the ones its authors use on Linux and
# macOS. Without the library a certificate takes thirty times longer, so its absence is reported.
_SUBSETTERS = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")

_FILES = {
    "fonts-noto-core": {
        "Noto Sans": "NotoSans-Regular.ttf",
        "Noto Serif": "NotoSerif-Regular.ttf",
        "Noto Naskh Arabic": "NotoNaskhArabic-Regular.ttf",
        "Noto Sans Arabic": "NotoSansArabic-Regular.ttf",
        "Noto Serif Hebrew": "NotoSerifHebrew-Regular.ttf",
        "Noto Serif Devanagari": "NotoSerifDevanagari-Regular.ttf",
        "Noto Serif Thai": "NotoSerifThai-Regular.ttf",
    },
    "fonts-noto-cjk": {"Noto Sans CJK": "NotoSansCJK-Regular.ttc"},
}

# Marks that turn the direction of what follows let a printed name read differently from the one
# in the record; U+FFFD stands for a character that was lost before it came here.
_MISLEADING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")
_NEVER_DRAWN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})

# Kana and hangul decide before the characters that three languages share.
_LANGUAGES = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("THAI", "th"),
    ("HEBREW", "he"),
    ("GREEK", "el"),
)
_SIZES = ((26, "short"), (36, "medium"), (88, "long"))


@dataclass(frozen=True)
class Writing:
    """Tell how a name is set: direction, language for the glyphs, size for the line."""

    direction: str
    language: str | None
    size: str


def problems() -> list[str]:
    """Return what is missing to make documents, one sentence for each."""
    found = {path.name for path in FOLDER.rglob("Noto*")}
    sentences = [
        f"Documents cannot be made: the font {family} is missing. "
        f"Install the Debian package {package}."
        for package, files in _FILES.items()
        for family, name in files.items()
        if name not in found
    ]
    if not any(_loads(library) for library in _SUBSETTERS):
        sentences.append(
            "Documents take thirty times longer than needed: the library HarfBuzz-Subset is "
            "missing. Install the Debian package libharfbuzz-subset0."
        )
    return sentences


def undrawable(text: str) -> list[str]:
    """Return the characters that no font may draw, each once, in order."""
    return [
        character
        for character in dict.fromkeys(text)
        if character in _MISLEADING or unicodedata.category(character) in _NEVER_DRAWN
    ]


def writing(name: str) -> Writing:
    """Return how to set the name on its line."""
    scripts = {unicodedata.name(character, "").partition(" ")[0] for character in name}
    language = next((code for script, code in _LANGUAGES if script in scripts), None)
    width = sum(_width(character) for character in name)
    size = next((size for most, size in _SIZES if width <= most), "longest")
    return Writing(_direction(name), language, size)


def _direction(name: str) -> str:
    for character in name:
        strength = unicodedata.bidirectional(character)
        if strength in {"R", "AL"}:
            return "rtl"
        if strength == "L":
            return "ltr"
    return "ltr"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
