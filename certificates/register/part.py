"""What the register adds to the platform."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from certificates.register import (
    blocked,
    checks,
    demonstration,
    erasing,
    fonts,
    keeping,
    merging,
    reading,
    services,
    stored,
    views,
)
from certificates.register.making import make_documents, make_late
from certificates.register.models import Certificate, DocumentState
from certificates.register.shown import limits, worth
from certificates.register.state import Held
from training import db, i18n, installation, signals
from training.erasure import Erasure
from training.handover import Merge
from training.parts import Link, MailKind, Panel, PanelRow, Part, Running, Step, register
from training.permissions import Permission, Viewer
from training.upkeep.lines import READY, RISK, ago

MADE_WITHIN = timedelta(minutes=5)


def init_app(app: Flask) -> None:
    """Add the pages of certificates, and make one of each completion."""
    app.register_blueprint(views.bp)
    signals.completed.connect(_prepare)
    link = Link(
        _l("Documents to put right"), "register.blocked", Permission.READ_DOCUMENTS, "certificate"
    )
    register(
        app,
        Part(
            "register",
            navigation=(link,),
            steps=_steps,
            home=_home,
            panel=_panel,
            before_leaving=_before_leaving,
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase, erasing.left),
            check=_check,
            lost=_lost,
            running=_running,
            numbers=_numbers,
            problems=fonts.problems,
            mails={
                stored.MAIL: MailKind(
                    _l("Certificate ready"), "email/certificate_ready.txt", _still_counts
                ),
            },
            demonstrate=demonstration.demonstrate,
            # In this order, so that one sweep does both.
            jobs={"late certificates": make_late, views.MAKE: make_documents},
        ),
    )


def _prepare(session: Session, completion_id: int, at: datetime) -> None:
    shown_only = installation.settings().demonstration
    services.prepare(session, completion_id, demonstration=shown_only, at=at)
    db.after_commit(session, views.wake_maker)


def _still_counts(
    session: Session, _person_id: int, arguments: Mapping[str, str], _now: datetime
) -> Mapping[str, str] | None:
    return {"home": "/"} if stored.counts(session, int(arguments["id"])) else None


def _held(session: Session, person_id: int) -> list[Held]:
    # The first page asks twice, for its steps and for its list.
    if "certificates" not in g:
        g.certificates = reading.all_of(session, person_id)
    held: list[Held] = g.certificates
    return held


def _steps(session: Session, person_id: int, _ids: Sequence[int]) -> Mapping[int, Step]:
    steps: dict[int, Step] = {}
    for held in _held(session, person_id):
        certificate = held.certificate
        if certificate.issued_at is None:
            url = url_for("register.confirm", certificate_id=certificate.id)
            hint = " ".join([_("Then your certificate is made."), _proves(certificate)])
            step = Step(_("Confirm your name"), url, hint.rstrip())
        else:
            url = url_for("register.show", certificate_id=certificate.id)
            step = Step(_("To your certificate"), url, _proves(certificate), left=False)
        if certificate.completion is not None:  # Which it is while it has a holder.
            steps[certificate.completion.assignment_id] = step
    return steps


def _proves(certificate: Certificate) -> str:
    only = limits(certificate)["only"]
    return _("This certificate contains only: %(modules)s.", modules=only) if only else ""


def _home(session: Session, person_id: int, today: date) -> Mapping[str, Any]:
    language = i18n.content_language()
    return {
        "certificates": [
            {
                "title": held.certificate.course_title[language],
                "number": held.certificate.number,
                "valid_until": held.certificate.valid_until,
                **worth(held.on(today)),
                "url": url_for("register.show", certificate_id=held.certificate.id),
            }
            for held in _held(session, person_id)
        ]
    }


def _panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.READ_DOCUMENTS):
        return None
    rows = tuple(
        PanelRow(
            held.certificate.number,
            _("valid until %(day)s", day=i18n.day(held.certificate.valid_until)),
        )
        for held in reading.all_of(session, person_id)
    )
    return Panel(_("Certificates"), rows)


def _before_leaving(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.READ_DOCUMENTS):
        return None
    return Panel(
        _("Certificates with their PDF"),
        tuple(
            PanelRow(number, _("The PDF is there") if made else _("There is no PDF yet"))
            for number, made in reading.papers(session, person_id)
        ),
    )


def _check(session: Session) -> list[str]:
    shown_only = installation.settings().demonstration
    return [
        *checks.contradictions(session, demonstration=shown_only),
        *merging.left_behind(session),
        *_lost(session),
    ]


def _lost(session: Session) -> list[str]:
    return checks.lost(session, installation.settings().data)


def _running(session: Session, viewer: Viewer, now: datetime) -> Sequence[Running]:
    return [_waiting(session, now), _blocked(session, viewer)]


def _numbers(session: Session, _now: datetime) -> Mapping[str, float]:
    counted = stored.counted(session)
    return {
        "documents_waiting": counted[DocumentState.WANTED],
        "documents_blocked": counted[DocumentState.BLOCKED],
    }


def _waiting(session: Session, now: datetime) -> Running:
    label, oldest = _("Documents: oldest one to be made"), stored.waiting_since(session)
    if oldest is None:
        return Running(label, READY, _("None is waiting."))
    if now - oldest <= MADE_WITHIN:
        return Running(label, READY, ago(oldest, now))
    remedy = _("The worker makes them. Start it, or look into its log.")
    return Running(label, RISK, ago(oldest, now), remedy)


def _blocked(session: Session, viewer: Viewer) -> Running:
    label, number = _("Documents that could not be made"), len(blocked.listed(session, viewer))
    if not number:
        return Running(label, READY, _("None in your organisation."))
    value = ngettext("%(num)s in your organisation", "%(num)s in your organisation", number)
    remedy = _("See why, and put it right")
    return Running(label, RISK, value, remedy, url_for("register.blocked"))
