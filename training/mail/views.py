"""The list of mail that did not arrive, and the mailbox of the demonstration."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db, installation, jobs
from training.addresses import row_id
from training.auth import public, requires, signed_in
from training.mail import arrivals, mailbox, shown
from training.mail.models import OutboxMail
from training.permissions import Permission

SEND = "mail"
LET_IN = Permission.LET_IN

bp = Blueprint("mail", __name__)


@bp.get("/mail/not-arrived")
@requires(LET_IN)
def not_arrived() -> str:
    """List the mail that did not arrive, with why and what to do."""
    viewer, before = signed_in().viewer, request.args.get("before", type=row_id)
    found = arrivals.refused(db.session(), viewer, before)
    page, more = found[: arrivals.PAGE], len(found) > arrivals.PAGE
    return render_template(
        "mail/not_arrived.html",
        mails=[_row(mail) for mail in page],
        mail_is_on=installation.settings().mail_is_on,
        cards_url=url_for("cards.people"),
        next_url=url_for("mail.not_arrived", before=page[-1].id) if more else None,
    )


def _row(mail: OutboxMail) -> dict[str, Any]:
    happened, remedy = shown.reason(mail)
    manages = signed_in().viewer.may(Permission.MANAGE_PEOPLE)
    return {
        "printed_name": mail.person.printed_name,
        "address": mail.person.email,
        "name": shown.name(mail),
        "happened": happened,
        "remedy": remedy,
        "finished_at": mail.finished_at,
        "edit_url": url_for("people.edit_person", person_id=mail.person_id) if manages else None,
        "url": url_for("mail.decide", mail_id=mail.id),
    }


@bp.post("/mail/<int:mail_id>")
@requires(LET_IN)
def decide(mail_id: int) -> ResponseReturnValue:
    """Send a mail again, or take it off the list."""
    viewer, again = signed_in().viewer, request.form.get("choice") == "again"
    with db.transaction() as session:
        act = arrivals.send_again if again else arrivals.leave
        act(session, viewer, mail_id, at=clock.now())
    if again:
        jobs.wake(SEND)
    flash(_("It is sent again.") if again else _("It is off the list."))
    return redirect(url_for("mail.not_arrived"), 303)


@bp.get("/demonstration/mailbox")
@public
def demonstration_mailbox() -> str:
    """Show the mail of the demonstration, which goes nowhere else."""
    settings = installation.settings()
    if not settings.demonstration:
        abort(404)
    letters, number = mailbox.newest(mailbox.path(settings.data))
    base = settings.base_url
    return render_template("mail/mailbox.html", letters=letters, number=number, base=base)
