"""The pocket card of whoever goes on a mission: on the phone, and as a PDF to print."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training import clock, db, i18n, jobs
from training.auth import requires, signed_in
from training.errors import NotFound
from training.missions import cards
from training.missions.services import ConductChannel, conduct_channel
from training.permissions import Permission

bp = Blueprint("pocket", __name__, url_prefix="/pocket-card")
NAME = "pocket-card.pdf"  # A file lies about: its name tells nothing of its holder.


@bp.get("/")
@requires(Permission.LEARN)
def show() -> str:
    """Show what to do and where to report, in the reader's language."""
    conduct = _conduct()
    card = cards.find(db.session(), conduct, i18n.language())
    return render_template(
        "missions/pocket.html",
        conduct=conduct,
        making=card is not None and card.data is None,
        file_url=url_for("pocket.download") if card and card.data else None,
    )


@bp.post("/paper")
@requires(Permission.LEARN)
def want() -> ResponseReturnValue:
    """Ask for the card as a PDF, which the worker makes."""
    conduct = _conduct()
    with db.transaction() as session:
        cards.want(session, conduct, i18n.language(), at=clock.now())
        db.after_commit(session, lambda: jobs.wake(cards.MAKE))
    return redirect(url_for("pocket.show", _anchor="paper"), 303)


@bp.get("/" + NAME)
@requires(Permission.LEARN)
def download() -> Response:
    """Send the card as it is today. Raises `NotFound` until it is made."""
    card = cards.find(db.session(), _conduct(), i18n.language())
    if card is None or card.data is None:
        raise NotFound("There is no such document.")
    response = Response(card.data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _conduct() -> ConductChannel:
    me = signed_in()
    today = clock.day_at(clock.now(), me.time_zone)
    return conduct_channel(db.session(), me.person_id, today)
