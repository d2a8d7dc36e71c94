"""Who completed what when, as a page, as CSV and as XLSX; and a person's own history."""

from typing import IO, Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from certificates.records import completions as listed
from certificates.records import history, shown
from certificates.records.completions import Filter
from certificates.records.forms import CompletionsForm
from certificates.records.views import READ, bp
from certificates.register.shown import STATE_LABELS
from certificates.register.state import Held
from modules.catalogue.taught import newest_titles
from training import clock, db, i18n
from training.accounts.unit_tree import units_within
from training.addresses import row_id
from training.auth import requires, signed_in
from training.permissions import Permission
from training.spreadsheets import CSV, XLSX, csv_file, xlsx_file

mine_bp = Blueprint("history", __name__, url_prefix="/history")
WRITERS = {"csv": (csv_file, CSV), "xlsx": (xlsx_file, XLSX)}


def _form(titles: dict[int, str]) -> CompletionsForm:
    form = CompletionsForm(request.args, meta={"csrf": False})
    units = sorted(units_within(db.session(), signed_in().viewer, READ), key=lambda u: u.name)
    everything = SelectChoice("0", _("All"))
    form.course.choices = [everything, *(SelectChoice(str(i), t) for i, t in titles.items())]
    form.unit.choices = [everything, *(SelectChoice(str(u.id), u.name) for u in units)]
    return form


def _titles() -> dict[int, str]:
    language = i18n.content_language()
    return {i: title[language] for i, title in newest_titles(db.session()).items()}


def _filter(form: CompletionsForm) -> Filter:
    return Filter(form.course.data or None, form.first.data, form.last.data, form.unit.data or None)


@bp.get("/completions")
@requires(READ)
def completions() -> ResponseReturnValue:
    """List who completed what, the newest first."""
    me, now, titles = signed_in(), clock.now(), _titles()
    form, after = _form(titles), request.args.get("after", type=row_id)
    if not form.validate():
        return _list_page(form, [], titles), 422
    today = clock.day_at(now, me.time_zone)
    with db.transaction() as session:
        found = listed.page(
            session, me.viewer, _filter(form), after, today=today, zone=me.time_zone, at=now
        )
    return _list_page(form, found, titles)


def _list_page(form: CompletionsForm, found: list[listed.Line], titles: dict[int, str]) -> str:
    page, more = found[: listed.PAGE], len(found) > listed.PAGE
    chosen: dict[str, Any] = {k: v for k, v in request.args.items() if k in form and v}
    return render_template(
        "records/completions.html",
        form=form,
        rows=[
            {
                "line": line,
                "course": titles[line.course_id],
                "label": STATE_LABELS[line.state] if line.state else None,
                "url": url_for("records.record", person_id=line.person_id),
            }
            for line in page
        ],
        next_url=url_for("records.completions", **chosen, after=page[-1].id) if more else None,
        csv_url=url_for("records.export", form="csv", **chosen),
        xlsx_url=url_for("records.export", form="xlsx", **chosen),
    )


@bp.get("/completions.<any(csv, xlsx):form>")
@requires(READ)
def export(form: str) -> ResponseReturnValue:
    """Send the filtered list as a file."""
    titles = _titles()
    wanted = _form(titles)
    if not wanted.validate():
        return _list_page(wanted, [], titles), 422
    write, kind = WRITERS[form]
    file = _exported(_filter(wanted), titles, form, write)
    return send_file(file, kind, as_attachment=True, download_name=f"completions.{form}")


def _exported(wanted: Filter, titles: dict[int, str], form: str, write: Any) -> IO[bytes]:
    me, now = signed_in(), clock.now()
    with db.transaction() as session:
        listed.record_export(session, me.viewer, wanted, form, at=now)
    today = clock.day_at(now, me.time_zone)
    lines = listed.export(db.session(), me.viewer, wanted, today=today, zone=me.time_zone)
    labels = {state: str(label) for state, label in STATE_LABELS.items()}
    file: IO[bytes] = write(_header(), (listed.cells(line, titles, labels) for line in lines))
    return file


def _header() -> tuple[str, ...]:
    return (
        _("Name"),
        _("Personnel number"),
        _("Unit"),
        _("Course"),
        _("Version"),
        _("Cycle"),
        _("Achieved on"),
        _("Recorded on"),
        _("Valid until"),
        _("Certificate number"),
        _("State today"),
    )


@mine_bp.get("/")
@requires(Permission.LEARN)
def mine() -> str:
    """Show all cycles of one's own courses, and all own certificates for ever."""
    me = signed_in()
    today = clock.day_at(clock.now(), me.time_zone)
    courses = history.of_person(db.session(), me.person_id, documents=True)
    return render_template(
        "records/mine.html",
        certificates=shown.certificates(courses, today, _own_urls),
        history=shown.history(courses, today, me.time_zone),
    )


def _own_urls(held: Held, language: str) -> dict[str, str]:
    where: dict[str, Any] = {"certificate_id": held.certificate.id, "language": language}
    return {
        "url": url_for("register.show", certificate_id=held.certificate.id),
        "download_url": url_for("register.download", **where),
    }
