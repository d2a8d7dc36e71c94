"""Start cards as they are printed: eight on a sheet, each in its person's language."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from training import installation
from training.accounts.code_requests import Given
from training.i18n import LANGUAGES

PER_SHEET = 8


def page(given: Sequence[Given], *, more: bool) -> str:
    """Return the page of these cards, ready to print; `more` says that others wait."""
    address = installation.settings().base_url
    texts = {language: _texts(language) for language in LANGUAGES}
    cards = [
        {
            "printed_name": card.person.printed_name,
            "user_name": card.person.user_name,
            "code": card.code,
            "language": card.person.language,
            "texts": texts[card.person.language],
        }
        for card in given
    ]
    return render_template(
        "accounts/start_cards_print.html",
        sheets=[cards[i : i + PER_SHEET] for i in range(0, len(cards), PER_SHEET)],
        number=len(cards),
        more=more,
        address=address,
        square=url_for("cards.square"),
        back_url=url_for("cards.people"),
    )


def _texts(language: str) -> dict[str, Any]:
    with force_locale(language):
        return {
            "title": _("Start card"),
            "address": _("Address"),
            "user_name": _("User name"),
            "code": _("Start code"),
            "lines": (
                _("Open the address in a browser and type your user name and the start code."),
                _("Choose a password of your own: from then on the code no longer works."),
                _("The code works once, for 14 days. Lost it? Ask your trainer for a new one."),
            ),
        }
