"""The holder's pages of a certificate, and HR's page of documents that could not be made."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certificates.register import services, stored
from certificates.register.models import Certificate, Document, DocumentState
from certificates.register.state import Held, State
from training import clock, db, i18n, jobs
from training.accounts.models import Organisation, Person
from training.auth import requires, signed_in
from training.permissions import Permission

bp = Blueprint("register", __name__, url_prefix="/certificates")
LEARN = Permission.LEARN
MAKE = "documents"

STATE_LABELS = {
    State.MAKING: _l("Being made"),
    State.VALID: _l("Valid"),
    State.NEWER: _l("Valid; a newer one exists"),
    State.NOT_YET: _l("Not valid yet"),
    State.EXPIRED: _l("Expired"),
    State.REPLACED: _l("Replaced"),
    State.WITHDRAWN: _l("Withdrawn"),
}


def wake_maker() -> None:
    """Ask the worker to make what is wanted."""
    jobs.wake(MAKE)


@bp.get("/<int:certificate_id>")
@requires(LEARN)
def show(certificate_id: int) -> ResponseReturnValue:
    """Show one's own certificate, or ask for the name first."""
    me = signed_in()
    held = services.own(db.session(), me.person_id, certificate_id)
    certificate = held.certificate
    if certificate.issued_at is None:
        return redirect(url_for("register.confirm", certificate_id=certificate_id))
    making = any(d.state is DocumentState.WANTED for d in certificate.documents)
    blocked = any(d.state is DocumentState.BLOCKED for d in certificate.documents)
    return render_template(
        "register/show.html",
        certificate=_paper(held, clock.day_at(clock.now(), me.time_zone)),
        documents=[_document(d) for d in certificate.documents],
        want_urls=_wishes(certificate),
        refresh=making,
        reason=_("Your document could not be made. HR has been told what to do. Your pass counts.")
        if blocked
        else None,
    )


def _paper(held: Held, today: date) -> dict[str, Any]:
    certificate, state = held.certificate, held.on(today)
    language = i18n.content_language()
    return {
        "title": certificate.course_title[language],
        "number": certificate.number,
        "code": certificate.code,
        "holder_name": certificate.holder_name,
        "achieved_on": certificate.achieved_on,
        "valid_until": certificate.valid_until,
        "components": [
            {
                "title": part["title"][language],
                "valid_until": date.fromisoformat(str(part["valid_until"])),
            }
            for part in certificate.components
        ],
        "state": state.value,
        "state_label": STATE_LABELS[state],
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "language_name": i18n.LANGUAGES[document.language],
        "state": {"wanted": "making"}.get(document.state.value, document.state.value),
        "url": url_for(
            "register.download",
            certificate_id=document.certificate_id,
            language=document.language,
        ),
        "size_kb": round((document.size or 0) / 1000),
    }


def _wishes(certificate: Certificate) -> list[dict[str, str]]:
    there = {document.language for document in certificate.documents}
    return [
        {
            "language_name": i18n.LANGUAGES[code],
            "url": url_for("register.want", certificate_id=certificate.id, language=code),
        }
        for code in services.DOCUMENT_LANGUAGES
        if code not in there
    ]


@bp.get("/<int:certificate_id>/name")
@requires(LEARN)
def confirm(certificate_id: int) -> ResponseReturnValue:
    """Show the name as it will be printed."""
    me, session = signed_in(), db.session()
    certificate = services.own(session, me.person_id, certificate_id).certificate
    if certificate.issued_at is not None:
        return redirect(url_for("register.show", certificate_id=certificate_id))
    person = session.get_one(Person, me.person_id)
    organisation = session.get_one(Organisation, person.organisation_id)
    return render_template(
        "register/confirm_name.html",
        name=person.printed_name,
        rank=person.rank,
        course_title=certificate.course_title[i18n.content_language()],
        confirm_url=url_for("register.confirm_name", certificate_id=certificate_id),
        contact=organisation.contact or _("the administrator of your organisation"),
    )


@bp.post("/<int:certificate_id>/name")
@requires(LEARN)
def confirm_name(certificate_id: int) -> ResponseReturnValue:
    """Freeze the name and have the document made."""
    name = request.form.get("name", "")
    with db.transaction() as session:
        services.confirm_name(session, signed_in().person_id, certificate_id, name, at=clock.now())
        db.after_commit(session, wake_maker)
    return redirect(url_for("register.show", certificate_id=certificate_id), 303)


@bp.post("/<int:certificate_id>/documents/<language>")
@requires(LEARN)
def want(certificate_id: int, language: str) -> ResponseReturnValue:
    """Have the certificate made in another language."""
    with db.transaction() as session:
        services.request_document(
            session, signed_in().person_id, certificate_id, language, at=clock.now()
        )
        db.after_commit(session, wake_maker)
    return redirect(url_for("register.show", certificate_id=certificate_id), 303)


@bp.get("/<int:certificate_id>/<language>.pdf")
@requires(LEARN)
def download(certificate_id: int, language: str) -> Response:
    """Serve a document exactly as it was issued."""
    certificate, document, data = services.content(
        db.session(), signed_in().person_id, certificate_id, language
    )
    response = Response(data, mimetype="application/pdf")
    name = f"certificate-{certificate.number}-{language}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(document.sha256 or "")
    response.make_conditional(request)
    return response


@bp.get("/blocked")
@requires(Permission.READ_DOCUMENTS)
def blocked() -> str:
    """List the documents that could not be made, each with its reason and remedy."""
    rows = [
        {
            "name": person.printed_name,
            "language_name": i18n.LANGUAGES[document.language],
            "reason": document.reason,
            "remedy": document.remedy,
            "again_url": url_for("register.again", document_id=document.id),
            "back_url": url_for("register.back", document_id=document.id),
        }
        for document, person in stored.blocked(db.session(), signed_in().viewer)
    ]
    return render_template("register/blocked.html", rows=rows)


@bp.post("/documents/<int:document_id>/again")
@requires(Permission.READ_DOCUMENTS)
def again(document_id: int) -> ResponseReturnValue:
    """Have a blocked document made once more."""
    with db.transaction() as session:
        stored.try_again(session, signed_in().viewer, document_id, at=clock.now())
        db.after_commit(session, wake_maker)
    return redirect(url_for("register.blocked"), 303)


@bp.post("/documents/<int:document_id>/back")
@requires(Permission.READ_DOCUMENTS)
def back(document_id: int) -> ResponseReturnValue:
    """Let the holder confirm a corrected name."""
    with db.transaction() as session:
        stored.send_back(session, signed_in().viewer, document_id, at=clock.now())
    return redirect(url_for("register.blocked"), 303)
