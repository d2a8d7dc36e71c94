"""Where the files that are not code lie, in a wheel and in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_PACKAGED = _PACKAGE / "templates"

TEMPLATES = _PACKAGED if _PACKAGED.is_dir() else _PACKAGE.parent / "templates"
TRANSLATIONS = _PACKAGE / "translations"
