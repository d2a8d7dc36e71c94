"""The holder's pages of a certificate, and HR's page of documents that could not be made."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.register import blocked as blocked_documents
from certificates.register import reading, services
from certificates.register.models import Certificate, Document, DocumentState
from certificates.register.served import pdf
from certificates.register.shown import components, limits, worth
from certificates.register.state import Held
from training import clock, db, i18n, jobs
from training.accounts.models import Person
from training.auth import requires, signed_in
from training.permissions import Permission

bp = Blueprint("register", __name__, url_prefix="/certificates")
LEARN = Permission.LEARN
MAKE = "documents"


def wake_maker() -> None:
    """Ask the worker to make what is wanted."""
    jobs.wake(MAKE)


@bp.get("/<int:certificate_id>")
@requires(LEARN)
def show(certificate_id: int) -> ResponseReturnValue:
    """Show one's own certificate, or ask for the name first."""
    me = signed_in()
    held = reading.own(db.session(), me.person_id, certificate_id)
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
        contact=_contact(me.contact),
        reason=_(
            "Your document could not be made. HR sees why under “Documents to put right”. "
            "Your pass counts."
        )
        if blocked
        else None,
    )


def _contact(told: str) -> str:
    return told or _("the administrator of your organisation")


def _paper(held: Held, today: date) -> dict[str, Any]:
    certificate = held.certificate
    return {
        "title": certificate.course_title[i18n.content_language()],
        "number": certificate.number,
        "code": certificate.code,
        "holder_name": certificate.holder_name,
        "native_name": certificate.native_name,
        "achieved_on": certificate.achieved_on,
        "valid_until": certificate.valid_until,
        "components": components(held, today),
        **worth(held.on(today)),
        **limits(certificate),
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
    certificate = reading.own(session, me.person_id, certificate_id).certificate
    if certificate.issued_at is not None:
        return redirect(url_for("register.show", certificate_id=certificate_id))
    person = session.get_one(Person, me.person_id)
    return render_template(
        "register/confirm_name.html",
        name=person.printed_name,
        native_name=person.native_name,
        rank=person.rank,
        course_title=certificate.course_title[i18n.content_language()],
        confirm_url=url_for("register.confirm_name", certificate_id=certificate_id),
        contact=_contact(me.contact),
    )


@bp.post("/<int:certificate_id>/name")
@requires(LEARN)
def confirm_name(certificate_id: int) -> ResponseReturnValue:
    """Freeze the names and have the document made."""
    me, name = signed_in(), request.form.get("name", "")
    native = request.form.get("native_name") or None
    with db.transaction() as session:
        services.confirm_name(session, me.person_id, certificate_id, name, native, at=clock.now())
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
    number, digest, data = reading.content(
        db.session(), signed_in().person_id, certificate_id, language
    )
    return pdf(number, language, digest, data)


@bp.get("/blocked")
@requires(Permission.READ_DOCUMENTS)
def blocked() -> str:
    """List the documents that could not be made, each with its reason and remedy."""
    me = signed_in()
    rows = [
        {
            "name": person.printed_name,
            "own": person.id == me.person_id,
            "language_name": i18n.LANGUAGES[document.language],
            "reason": _in_words(document.reason),
            "remedy": _in_words(document.remedy),
            "again_url": url_for("register.again", document_id=document.id),
            "back_url": url_for("register.back", document_id=document.id),
        }
        for document, person in blocked_documents.listed(db.session(), me.viewer)
    ]
    return render_template("register/blocked.html", rows=rows)


def _in_words(kept: str | None) -> str:
    # The worker wrote it down for any reader; what follows a colon names characters.
    sentence, colon, characters = (kept or "").partition(": ")
    return f"{_(sentence)}{colon}{characters}"


@bp.post("/documents/<int:document_id>/again")
@requires(Permission.READ_DOCUMENTS)
def again(document_id: int) -> ResponseReturnValue:
    """Have a blocked document made once more."""
    with db.transaction() as session:
        blocked_documents.try_again(session, signed_in().viewer, document_id, at=clock.now())
        db.after_commit(session, wake_maker)
    return redirect(url_for("register.blocked"), 303)


@bp.post("/documents/<int:document_id>/back")
@requires(Permission.READ_DOCUMENTS)
def back(document_id: int) -> ResponseReturnValue:
    """Let the holder confirm a corrected name."""
    with db.transaction() as session:
        blocked_documents.send_back(session, signed_in().viewer, document_id, at=clock.now())
    return redirect(url_for("register.blocked"), 303)
