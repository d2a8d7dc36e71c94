"""Mail that did not arrive: listed for those who can let its people in, sent again, or left."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts.models import Person
from training.accounts.services import within
from training.errors import NotFound
from training.mail.models import MailState, OutboxMail
from training.permissions import Permission, Viewer

PAGE = 50
LATEST = 5


def refused(session: Session, viewer: Viewer, before: int | None) -> list[OutboxMail]:
    """Return one page of what did not arrive, the newest first, and one more if there is more."""
    query = _within(viewer).where(OutboxMail.state == MailState.REFUSED)
    if before is not None:
        query = query.where(OutboxMail.id < before)
    query = query.options(joinedload(OutboxMail.person))
    return list(session.scalars(query.order_by(OutboxMail.id.desc()).limit(PAGE + 1)))


def of_person(session: Session, viewer: Viewer, person_id: int) -> list[OutboxMail]:
    """Return the last mails to a person the viewer may let in."""
    query = _within(viewer).where(OutboxMail.person_id == person_id)
    return list(session.scalars(query.order_by(OutboxMail.id.desc()).limit(LATEST)))


def send_again(session: Session, viewer: Viewer, mail_id: int, *, at: datetime) -> None:
    """Queue what was refused once more, for the address as it is now; twice is once."""
    mail = _held(session, viewer, mail_id)
    if mail.state is not MailState.REFUSED:
        return
    mail.state, mail.next_try_at = MailState.WAITING, at
    mail.first_tried_at = mail.finished_at = mail.refusal = mail.smtp_code = None
    _record(session, "mail.sent_again", viewer, mail, at)


def leave(session: Session, viewer: Viewer, mail_id: int, *, at: datetime) -> None:
    """Take what was refused off the list."""
    mail = _held(session, viewer, mail_id)
    if mail.state is not MailState.REFUSED:
        return
    mail.state, mail.arguments = MailState.DROPPED, {}
    _record(session, "mail.left", viewer, mail, at)


def _held(session: Session, viewer: Viewer, mail_id: int) -> OutboxMail:
    query = _within(viewer).where(OutboxMail.id == mail_id)
    held = query.with_for_update(of=OutboxMail).execution_options(populate_existing=True)
    mail = session.scalars(held).first()
    if mail is None:
        raise NotFound("There is no such mail.")
    return mail


def _within(viewer: Viewer) -> Select[OutboxMail]:
    people = within(viewer, Permission.LET_IN).where(Person.id != viewer.person_id)
    scope = people.with_only_columns(Person.id)
    return select(OutboxMail).where(OutboxMail.person_id.in_(scope))


def _record(session: Session, action: str, viewer: Viewer, mail: OutboxMail, at: datetime) -> None:
    audit.record(session, action, "person", mail.person_id, actor_id=viewer.person_id, at=at)
