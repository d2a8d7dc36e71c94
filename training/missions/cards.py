"""Pocket cards as PDF: wanted by their readers, made by the worker, and forgotten."""

import hashlib
import json
import logging
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from training import clock, db, typesetting
from training.missions.models import PocketCard
from training.missions.services import Channel, ConductChannel
from training.orm import insert_once

log = logging.getLogger(__name__)
MAKE = "pocket_cards"
PAGE = "pocket.html"
KEPT_FOR = timedelta(days=30)  # Then it is made anew, as it looks by then.


def want(session: Session, conduct: ConductChannel, language: str, *, at: datetime) -> None:
    """Ask for the card of these channels; what is made or wanted already is it."""
    content = _content(conduct)
    row = {
        "digest": _digest(content, language),
        "language": language,
        "content": content,
        "wanted_at": at,
    }
    session.execute(insert_once(session, PocketCard).values(row))


def find(session: Session, conduct: ConductChannel, language: str) -> PocketCard | None:
    """Return the card of these channels, made or still wanted."""
    return session.get(PocketCard, _digest(_content(conduct), language))


def make_cards() -> None:
    """Make what is wanted; one that fails is tried again with the next round."""
    query = select(PocketCard).where(PocketCard.data.is_(None)).order_by(PocketCard.digest)
    for card in db.session().scalars(query).all():
        digest = card.digest
        try:
            pdf = render(card.content, card.language)
        except Exception:
            log.exception("a pocket card could not be made")
            continue
        with db.transaction() as session:
            made = update(PocketCard).where(PocketCard.digest == digest).values(data=pdf)
            session.execute(made.execution_options(synchronize_session=False))


def forget_cards() -> None:
    """Delete the cards whose month is over."""
    with db.transaction() as session:
        session.execute(delete(PocketCard).where(PocketCard.wanted_at < clock.now() - KEPT_FOR))


def render(content: dict[str, Any], language: str) -> bytes:
    """Return a card as a PDF of A6 in a language."""
    channels = [
        Channel(**one | {"checked_on": _day(one["checked_on"])}) for one in content["channels"]
    ]
    conduct = ConductChannel(content["mission"], tuple(channels))
    page: Any = current_app.jinja_env.get_template(f"documents/{PAGE}")
    with force_locale(language):
        html: str = page.render(
            conduct=conduct,
            language=language,
            demonstration=current_app.extensions["settings"].demonstration,
        )
    with typesetting.ONE_AT_A_TIME:
        document = typesetting.laid_out(html, "pocket.css")
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _content(conduct: ConductChannel) -> dict[str, Any]:
    channels = [
        asdict(one) | {"checked_on": one.checked_on.isoformat() if one.checked_on else None}
        for one in conduct.channels
    ]
    return {"mission": conduct.mission, "channels": channels}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _digest(content: dict[str, Any], language: str) -> str:
    text = json.dumps([content, language], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
