"""The worker's job: hand over what is due, outside transactions, and note what became of it."""

import logging
from collections.abc import Mapping
from contextlib import closing

from flask import current_app
from flask_babel import force_locale

from training import clock, db, installation
from training.config import Settings
from training.mail import mailbox, services
from training.mail.message import NotAnAddress, compose
from training.mail.models import MailState, Refusal
from training.mail.services import Claimed
from training.mail.smtp import Refused, Smtp, TryLater, Unreachable
from training.parts import MailKind, registered

log = logging.getLogger(__name__)
AT_ONCE = 500  # Then other jobs have their turn.
MOST_SILENCES = 3
Way = Smtp | mailbox.Folder


def send_waiting() -> None:
    """Send every mail that is due, one after the other over one line."""
    way = _way(installation.settings())
    with db.transaction() as session:
        services.forget_old(session, at=clock.now())
        if way is None:
            services.drop_all(session, at=clock.now())
    if way is None:
        return
    with closing(way):
        _go_round(way)


def _go_round(way: Way) -> None:
    silences = 0
    for _turn in range(AT_ONCE):
        claimed = _claim()
        if claimed is None:
            return
        try:
            _try(way, claimed)
        except Unreachable:
            return
        except TryLater as error:
            # Waiting for a server that says nothing must not keep other jobs from their turn.
            silences += error.code is None
            if silences == MOST_SILENCES:
                return


def _way(settings: Settings) -> Way | None:
    if settings.demonstration:
        return mailbox.Folder(mailbox.path(settings.data))
    return Smtp(settings.mail_server) if settings.mail_server else None


def _claim() -> Claimed | None:
    with db.transaction() as session:
        return services.claim(session, at=clock.now())


def _try(way: Way, claimed: Claimed) -> None:
    """Try one mail and note the outcome. Raises `TryLater` when it was not taken now."""
    try:
        sent = _hand_over(way, claimed)
    except Refused as error:
        with db.transaction() as session:
            services.refuse(session, claimed, error.refusal, error.code, at=clock.now())
    except TryLater as error:
        log.warning("a mail was not taken: %s", error.code or "no answer")
        with db.transaction() as session:
            services.postpone(session, claimed, error.code, at=clock.now())
        raise
    else:
        with db.transaction() as session:
            state = MailState.SENT if sent else MailState.DROPPED
            services.finish(session, claimed, state, at=clock.now())


def _hand_over(way: Way, claimed: Claimed) -> bool:
    """Send a mail; `False` when it is of no use any more."""
    kind = kinds().get(claimed.kind)
    if kind is None or not claimed.is_active:
        return False
    person_id, now = claimed.person_id, clock.now()
    links = kind.links(db.session(), person_id, claimed.arguments, now)
    counts = kind.counts(db.session(), person_id, now) if kind.counts else {}
    db.session().rollback()  # A slow mail server must not hold a snapshot open.
    if links is None:
        return False
    if not claimed.address:
        raise Refused(Refusal.NO_ADDRESS)
    try:
        message = compose(
            _text(kind, links, counts, claimed.language),
            sender=way.sender,
            address=claimed.address,
            language=claimed.language,
            message_id=claimed.message_id,
            at=clock.now(),
        )
    except NotAnAddress as error:
        raise Refused(Refusal.ADDRESS) from error
    way.send(message, claimed.address)
    return True


def _text(
    kind: MailKind, links: Mapping[str, str], counts: Mapping[str, int], language: str
) -> str:
    base_url = installation.settings().base_url
    absolute = {name: f"{base_url}{path}" for name, path in links.items()}
    with force_locale(language):
        return current_app.jinja_env.get_template(kind.template).render({**absolute, **counts})


def kinds() -> Mapping[str, MailKind]:
    """Return every kind of mail by its name."""
    found: dict[str, MailKind] = {}
    for part in registered():
        found |= part.mails or {}
    return found
