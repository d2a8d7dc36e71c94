"""What mail adds to the platform."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from training import installation
from training.erasure import Erasure
from training.handover import Merge
from training.mail import arrivals, erasing, keeping, merging, services, shown, views
from training.mail.models import MailState
from training.mail.sending import send_waiting
from training.parts import Link, Panel, PanelRow, Part, Running, register
from training.permissions import Permission, Viewer
from training.upkeep.lines import READY, RISK, ago

GONE_WITHIN = timedelta(minutes=5)
# A mail server that is being restarted is no reason to call the installation unready.
LATE_AFTER = timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Add the outbox, its pages and its job."""
    app.register_blueprint(views.bp)
    link = Link(_l("Mail that did not arrive"), "mail.not_arrived", Permission.LET_IN, "notready")
    part = Part(
        "mail",
        navigation=(link,) if app.extensions["settings"].mail_is_on else (),
        panel=_panel,
        export=keeping.export,
        merge=Merge(merging.preview, merging.move, merging.undo),
        erasure=Erasure(erasing.erase, erasing.left),
        check=merging.left_behind,
        running=_running,
        late=_late,
        numbers=_numbers,
        jobs={views.SEND: send_waiting},
    )
    register(app, part)


def _panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    mails = arrivals.of_person(session, viewer, person_id)
    if not mails:
        return None
    rows = tuple(PanelRow(shown.name(mail), shown.state(mail)) for mail in mails)
    if all(mail.state is not MailState.REFUSED for mail in mails):
        return Panel(_("Mail"), rows)
    return Panel(_("Mail"), rows, _("Mail that did not arrive"), url_for("mail.not_arrived"))


def _running(session: Session, _viewer: Viewer, now: datetime) -> Sequence[Running]:
    label = _("Mail: oldest one to be sent")
    if not installation.settings().mail_is_on:
        value = _("Mail is off: no mail server is set.")
        return [Running(label, READY, value)]
    oldest = services.waiting_since(session)
    if oldest is None:
        return [Running(label, READY, _("None is waiting."))]
    if now - oldest <= GONE_WITHIN:
        return [Running(label, READY, ago(oldest, now))]
    remedy = _("Look whether the mail server works, and into the worker's log. Nothing is lost.")
    return [Running(label, RISK, ago(oldest, now), remedy)]


def _numbers(session: Session, now: datetime) -> Mapping[str, float]:
    oldest = services.waiting_since(session)
    return {"mail_waiting_seconds": (now - oldest).total_seconds() if oldest else 0.0}


def _late(session: Session, now: datetime) -> list[str]:
    oldest = services.waiting_since(session)
    if oldest is None or now - oldest <= LATE_AFTER:
        return []
    return [f"A mail waits since {oldest:%Y-%m-%d %H:%M} UTC. Does the mail server work?"]
