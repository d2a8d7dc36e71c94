"""In which language a page is, and how dates are written in it."""

import gettext
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date
from flask import Flask, request, session
from flask_babel import Babel, format_datetime, get_locale
from flask_login import current_user

from training.places import TRANSLATIONS

LANGUAGES = {"en": "English", "nl": "Nederlands", "fr": "Français"}
CONTENT_LANGUAGES = ("en", "nl")


def init_app(app: Flask) -> None:
    """Choose the language per request and give templates their filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=_choose, timezone_selector=_zone, default_domain="messages")
    # Flask-Babel's own find the request four times for each text, and a list has hundreds of texts.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue(language()).gettext(text),
        lambda one, many, number: _catalogue(language()).ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # Jinja looks it up each time.
    app.jinja_env.globals["taught_in"] = content_language  # Macros see globals only.
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.context_processor(lambda: {"language": language(), "languages": list(LANGUAGES.items())})


def _choose() -> str:
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    # `nl-BE,en;q=0.5` asks for Dutch; best_match would prefer the language spelt alike.
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((code for code in asked if code in LANGUAGES), "en")


def _zone() -> str | None:
    return str(current_user.time_zone) if current_user and current_user.is_authenticated else None


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("messages", TRANSLATIONS, [code], fallback=True)


def language() -> str:
    """Return the code of the language this page is in."""
    locale = get_locale()
    return locale.language if locale else "en"


def content_language(wanted: str | None = None) -> str:
    """Return the language a lesson or question is shown in: the one asked for, else the page's."""
    for code in (wanted, language()):
        if code in CONTENT_LANGUAGES:
            return code
    return "en"


def asked() -> dict[str, Any]:
    """Return what a further address must carry so that the language asked for stays."""
    wanted = request.args.get("in")
    return {"in": wanted} if wanted in CONTENT_LANGUAGES else {}


def day(value: date) -> str:
    """Write a calendar date out, e.g. `3 March 2027`."""
    return _written_out(value, language())


@lru_cache(maxsize=4096)  # Lists repeat their days.
def _written_out(value: date, code: str) -> str:
    first = code == "fr" and value.day == 1  # Of a month only this day has an ending in French.
    return format_date(value, "d'er' MMMM y" if first else "d MMMM y", locale=code)


def moment(value: datetime) -> str:
    """Write an instant in the reader's time zone."""
    return str(format_datetime(value, "d MMMM y HH:mm"))
