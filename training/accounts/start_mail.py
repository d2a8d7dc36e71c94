"""A start code by mail: a link that names nobody, and the page it leads to.

The link holds the code, so nobody has to be named in the mail. Opening it does nothing yet:
programs that look through mail open every link.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import db
from training.accounts import codes, entry, trying
from training.accounts.code_requests import Given, Request
from training.accounts.models import Person
from training.auth import public
from training.mail import services as outbox
from training.mail.services import Wish
from training.parts import MailKind

START_CODE = "start_code"

bp = Blueprint("start", __name__)


def queue(session: Session, asked: Request, given: Sequence[Given]) -> None:
    """Queue a mail with the start code of each; the code itself is in no table."""
    wishes = [
        Wish(card.person.id, f"{asked.token_hash}:{card.person.id}", {"token": asked.token})
        for card in given
    ]
    outbox.queue(session, START_CODE, wishes, at=asked.at)


def _links(
    session: Session, person_id: int, arguments: Mapping[str, str], now: datetime
) -> Mapping[str, str] | None:
    code = codes.start_code(entry.key(), arguments["token"], person_id)
    query = select(Person.id).where(
        Person.id == person_id,
        Person.password_hash.is_(None),
        Person.start_code_hash == codes.start_code_hash(entry.key(), person_id, code),
        Person.start_code_expires_at > now,
    )
    good = session.scalar(query) is not None
    return {"link": f"/start/{person_id}/{code}"} if good else None


KIND = MailKind(_l("Start code"), "email/start_code.txt", _links)


@bp.get("/start/<int:person_id>/<code>")
@public
def start(person_id: int, code: str) -> str:
    """Offer to begin; whoever follows the link presses the button."""
    return _page(person_id, code, "")


@bp.post("/start/<int:person_id>/<code>")
@public
def begin(person_id: int, code: str) -> ResponseReturnValue:
    """Let the person in by the code of their mail, to choose a password."""
    name = db.session().scalar(select(Person.user_name).where(Person.id == person_id))
    # A number that nobody has is counted and answered like any other; no user name begins so.
    answer = trying.enter(name or f"#{person_id}", code)
    if answer.token:
        entry.carry(answer.token)
        return entry.arrive()
    wrong = (
        entry.too_many(answer.wait)
        if answer.wait
        else _("This link has been used or replaced, or is older than 14 days.")
    )
    return _page(person_id, code, wrong), answer.status


def _page(person_id: int, code: str, wrong: str) -> str:
    url = url_for("start.begin", person_id=person_id, code=code)
    return render_template("accounts/start.html", url=url, wrong=wrong)
