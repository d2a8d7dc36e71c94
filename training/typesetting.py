"""WeasyPrint: loaded once, with our fonts only and no way out. Only the worker makes documents."""

import logging
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from training.places import TEMPLATES

FOLDER = TEMPLATES / "documents"
_FONTS = Path(__file__).with_name("fonts.conf")

# Pango and its font map are not safe to use from two threads at once.
ONE_AT_A_TIME = Lock()


class Engine(NamedTuple):
    """Keep what every document shares: loading it once is half of the work."""

    weasyprint: Any
    fonts: Any
    fetcher: Any


@cache
def engine() -> Engine:
    """Load WeasyPrint with our fonts only and no way out."""
    # Fontconfig reads this variable when WeasyPrint is imported, so it is set just before.
    os.environ["FONTCONFIG_FILE"] = str(_FONTS)
    # Its messages quote characters of the name and the address inside the QR code.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    # A deferred import: it takes 1.4 to 2.9 seconds, which every server
    # process, command and test run would pay, while only the worker makes documents.
    weasyprint = import_module("weasyprint")
    fetcher = weasyprint.urls.URLFetcher(
        allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True
    )
    return Engine(weasyprint, weasyprint.text.fonts.FontConfiguration(), fetcher)


@cache
def style(name: str) -> Any:
    """Return a style sheet of the documents, parsed once."""
    shared = engine()
    return shared.weasyprint.CSS(
        string=(FOLDER / name).read_text(encoding="utf-8"),
        font_config=shared.fonts,
        url_fetcher=shared.fetcher,
    )


def laid_out(html: str, style_name: str) -> Any:
    """Return the pages of a document; one thread at a time may ask."""
    shared = engine()
    page = shared.weasyprint.HTML(string=html, url_fetcher=shared.fetcher)
    return page.render(font_config=shared.fonts, stylesheets=[style(style_name)])
