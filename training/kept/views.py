"""A person's own pages: what is kept about them, sex for the statistics, asking to correct."""

import secrets

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import clock, db, i18n, jobs
from training.auth import requires, signed_in
from training.errors import Invalid
from training.kept import collecting, corrections, paper, services
from training.kept.forms import CorrectionForm, SexForm
from training.kept.models import About, OwnPaper
from training.permissions import Permission

bp = Blueprint("kept", __name__, url_prefix="/kept")
LEARN = Permission.LEARN
NAME = "what-we-keep"


@bp.get("/")
@requires(LEARN)
def mine() -> str:
    """Show everything that is kept about oneself, feature by feature."""
    me, session = signed_in(), db.session()
    papers = services.papers(session, me.person_id)
    return render_template(
        "kept/mine.html",
        sections=collecting.collect(session, me.person_id, at=clock.now()),
        papers=[_paper(row) for row in papers if row.made_at is not None],
        making=any(row.made_at is None for row in papers),
        days=services.KEPT_FOR.days,
    )


def _paper(row: OwnPaper) -> dict[str, object]:
    return {
        "language": i18n.LANGUAGES[row.language],
        "made_at": row.made_at,
        "gone_at": row.wanted_at + services.KEPT_FOR,
        "url": url_for("kept.download", paper_id=row.id),
    }


@bp.post("/json")
@requires(LEARN)
def as_json() -> Response:
    """Send everything as one JSON document."""
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        services.record_export(session, me.person_id, services.JSON, at=now)
    sections = collecting.collect(db.session(), me.person_id, at=now)
    text = collecting.as_json(sections, now, i18n.language())
    return _file(text, "application/json", "json")


@bp.post("/papers")
@requires(LEARN)
def want() -> ResponseReturnValue:
    """Ask for everything as a PDF, which the worker makes."""
    with db.transaction() as session:
        services.want_paper(session, signed_in().person_id, i18n.language(), at=clock.now())
        db.after_commit(session, lambda: jobs.wake(paper.MAKE))
    return redirect(url_for("kept.mine", _anchor="take"), 303)


@bp.get("/papers/<int:paper_id>.pdf")
@requires(LEARN)
def download(paper_id: int) -> Response:
    """Send one's own PDF."""
    data = services.content(db.session(), signed_in().person_id, paper_id)
    return _file(data, "application/pdf", "pdf")


def _file(data: str | bytes, kind: str, ending: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/sex", methods=["GET", "POST"])
@requires(LEARN)
def sex() -> ResponseReturnValue:
    """Ask for one's sex with the reason; nobody has to answer, and it can be taken back."""
    me, form = signed_in(), SexForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            services.tell_sex(session, me.person_id, form.chosen(), at=clock.now())
        flash(_("Saved. You can change or remove it at any time."))
        return redirect(url_for("kept.mine"), 303)
    if not form.is_submitted():
        known = services.sex_of(db.session(), me.person_id)
        form.sex.data = known.value if known else None
    return render_template("kept/sex.html", form=form), 422 if form.errors else 200


@bp.route("/correction", methods=["GET", "POST"])
@requires(LEARN)
def correction() -> ResponseReturnValue:
    """Ask for a correction of what is kept about oneself."""
    form = CorrectionForm()
    if not form.is_submitted():
        form.token.data = secrets.token_urlsafe(24)
    if form.validate_on_submit():
        try:
            _ask(form)
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("Your request has been sent. The answer will be on this page."))
            return redirect(url_for("kept.mine"), 303)
    return render_template("kept/correction.html", form=form), 422 if form.errors else 200


def _ask(form: CorrectionForm) -> None:
    with db.transaction() as session:
        corrections.ask(
            session,
            signed_in().person_id,
            About(form.about.data),
            form.wrong.data,
            form.should_be.data,
            form.token.data,
            at=clock.now(),
        )
