"""What the register adds to the platform."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from certificates.register import demonstration, document, services, stored, views
from certificates.register.making import make_documents
from certificates.register.models import Certificate
from certificates.register.state import state_on
from training import db, i18n, signals
from training.parts import Link, Panel, PanelRow, Part, Step, register
from training.permissions import Permission, Viewer


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
            check=stored.contradictions,
            problems=document.problems,
            demonstrate=demonstration.demonstrate,
            jobs={views.MAKE: make_documents},
        ),
    )


def _prepare(session: Session, completion_id: int, at: datetime) -> None:
    shown_only = current_app.extensions["settings"].demonstration
    services.prepare(session, completion_id, demonstration=shown_only, at=at)
    db.after_commit(session, views.wake_maker)


def _held(session: Session, person_id: int) -> list[Certificate]:
    # The first page asks twice, for its steps and for its list.
    if "certificates" not in g:
        g.certificates = services.all_of(session, person_id)
    held: list[Certificate] = g.certificates
    return held


def _steps(session: Session, person_id: int, _ids: Sequence[int]) -> Mapping[int, Step]:
    steps: dict[int, Step] = {}
    for certificate in _held(session, person_id):
        if certificate.issued_at is None:
            url = url_for("register.confirm", certificate_id=certificate.id)
            step = Step(_("Confirm your name"), url, _("Then your certificate is made."))
        else:
            url = url_for("register.show", certificate_id=certificate.id)
            step = Step(_("To your certificate"), url, left=False)
        steps[certificate.completion.assignment_id] = step
    return steps


def _home(session: Session, person_id: int, today: date) -> Mapping[str, Any]:
    language = i18n.content_language()
    return {
        "certificates": [
            {
                "title": certificate.course_title[language],
                "number": certificate.number,
                "valid_until": certificate.valid_until,
                "state": state_on(certificate, today, newer=False).value,
                "url": url_for("register.show", certificate_id=certificate.id),
            }
            for certificate in _held(session, person_id)
        ]
    }


def _panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.READ_DOCUMENTS):
        return None
    rows = tuple(
        PanelRow(
            certificate.number, _("valid until %(day)s", day=i18n.day(certificate.valid_until))
        )
        for certificate in services.all_of(session, person_id)
    )
    return Panel(_("Certificates"), rows)


def _before_leaving(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.READ_DOCUMENTS):
        return None
    return Panel(
        _("Certificates with their PDF"),
        tuple(
            PanelRow(number, _("The PDF is there") if made else _("There is no PDF yet"))
            for number, made in services.papers(session, person_id)
        ),
    )
