"""The worker's job: make the PDFs people asked for, outside transactions, and forget old ones."""

import logging
from typing import Any

from flask import current_app
from flask_babel import force_locale

from training import clock, db, typesetting
from training.kept import collecting, services

log = logging.getLogger(__name__)
MAKE = "own_papers"
PAGE = "kept.html"


def make_papers() -> None:
    """Make what is wanted; one that fails is tried again with the next round."""
    for paper_id, person_id, language in services.wanted(db.session()):
        try:
            pdf = render(person_id, language)
        except Exception:
            log.exception("a paper of what is kept could not be made")
            continue
        with db.transaction() as session:
            services.store(session, paper_id, pdf, at=clock.now())


def forget_papers() -> None:
    """Delete the PDFs whose week is over."""
    with db.transaction() as session:
        services.forget_old(session, at=clock.now())


def render(person_id: int, language: str) -> bytes:
    """Return what is kept of a person as a PDF in a language."""
    with force_locale(language):
        sections = collecting.collect(db.session(), person_id, at=clock.now())
        html = _page(sections, language)
    with typesetting.ONE_AT_A_TIME:
        document = typesetting.laid_out(html, "kept.css")
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _page(sections: list[collecting.Section], language: str) -> str:
    page: Any = current_app.jinja_env.get_template(f"documents/{PAGE}")
    html: str = page.render(
        sections=sections,
        language=language,
        made_at=clock.now(),
        demonstration=current_app.extensions["settings"].demonstration,
    )
    return html
