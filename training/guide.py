"""The help page: what the reader's roles do here and how, and whom to ask."""

from flask import Blueprint, Flask, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from training.accounts.sessions import SignedIn
from training.auth import public
from training.permissions import Permission

bp = Blueprint("guide", __name__)

# A further role adds a line here and a template, and stands before what everybody does.
CHAPTERS = (
    (Permission.MANAGE_PEOPLE, "guide/administrator.html", _l("Keeping people and roles")),
    (Permission.ASSIGN, "guide/trainer.html", _l("Getting people ready")),
    (Permission.SEE_READINESS, "guide/readiness.html", _l("Seeing who is ready")),
    (Permission.READ_RECORDS, "guide/hr.html", _l("Checking certificates")),
    (Permission.AUTHOR_CONTENT, "guide/author.html", _l("Keeping the content right")),
    (Permission.LEARN, "guide/deployee.html", _l("Your own training")),
)


@bp.get("/help")
@public
def show() -> str:
    """Show each chapter that the reader can use; signed out, how to get in."""
    person = current_user._get_current_object() if current_user else None  # noqa: SLF001
    chapters = _chapters(person) if isinstance(person, SignedIn) else []
    return render_template("guide/guide.html", chapters=chapters)


def _chapters(person: SignedIn) -> list[tuple[str, LazyString]]:
    if person.must_choose_password or person.must_pass_second_step:
        return []  # Nothing opens before.
    return [(template, title) for needed, template, title in CHAPTERS if person.viewer.may(needed)]


def init_app(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
