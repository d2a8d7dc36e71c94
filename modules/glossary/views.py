"""All the words."""

from flask import Blueprint, render_template

from modules.glossary.services import glossary
from training import i18n, publishing
from training.auth import requires
from training.permissions import Permission

bp = Blueprint("glossary", __name__)


@bp.get("/glossary")
@requires(Permission.LEARN)
def words() -> str:
    """List every term with its meaning and its name in the other languages."""
    language = i18n.content_language()
    terms = sorted(glossary(publishing.curriculum()), key=lambda t: t.term[language].casefold())
    return render_template("glossary/words.html", terms=terms, content_language=language)
