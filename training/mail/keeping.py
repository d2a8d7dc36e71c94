"""What mail keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import retention
from training.mail import shown
from training.mail.models import OutboxMail
from training.mail.services import KEPT_FOR
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return the mail that was sent to a person, or waits."""
    return (KeptSection("mail", _("Mail to you"), list(_mails(session, person_id))),)


def _mails(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(OutboxMail).where(OutboxMail.person_id == person_id).order_by(OutboxMail.id)
    for mail in session.scalars(query):
        label, value = shown.name(mail), shown.state(mail)
        by, until = _("The platform"), retention.days(KEPT_FOR.days)
        yield Kept("mail", label, value, by, mail.queued_at, until)
