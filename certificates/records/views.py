"""HR finds a person or a certificate in one box, and opens what is on record."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from certificates.records import history, services, shown
from certificates.records.forms import DayForm, SearchForm
from certificates.register.numbers import read_number
from certificates.register.served import pdf
from certificates.register.state import Held
from certificates.verification.services import verify
from certificates.verification.shown import found
from training import clock, db
from training.accounts.listing import row
from training.accounts.models import Person
from training.accounts.services import PAGE
from training.addresses import row_id
from training.auth import requires, signed_in
from training.expiry import services as expiry
from training.expiry.rule import NOTICE
from training.permissions import Permission
from training.spreadsheets import CSV, csv_file

bp = Blueprint("records", __name__, url_prefix="/records")
READ = Permission.READ_RECORDS


@bp.get("/")
@requires(READ)
def search() -> str:
    """Ask whom or what to find. Names are sent by the form, so that no address holds one."""
    return _results(SearchForm(formdata=None))


@bp.post("/")
@requires(READ)
def find() -> ResponseReturnValue:
    """Find by number or by name; a single hit opens at once."""
    form = SearchForm()
    if not form.validate():
        return _results(form), 422
    number = read_number(form.q.data)
    if number is not None and (answer := _by_number(form, number)) is not None:
        return answer
    found = _people(form.q.data, _after(form))
    if len(found) == 1 and not form.after.data:
        return redirect(url_for("records.record", person_id=found[0].id), 303)
    return _results(form, people=found)


def _after(form: SearchForm) -> int | None:
    try:
        return row_id(form.after.data or "")
    except ValueError:
        return None


def _people(typed: str, after: int | None) -> list[Person]:
    with db.transaction() as session:
        return services.find_people(session, signed_in().viewer, typed, after, at=clock.now())


def _by_number(form: SearchForm, number: str) -> ResponseReturnValue | None:
    me = signed_in()
    own = services.holder_of(db.session(), me.viewer, number)
    if own is not None:
        anchor = f"certificate-{own[1]}"
        return redirect(url_for("records.record", person_id=own[0], _anchor=anchor), 303)
    now = clock.now()
    today = clock.day_at(now, me.time_zone)
    elsewhere = verify(db.session(), number, "", today, at=now)
    if elsewhere is None:
        return None
    return _results(form, result=found(elsewhere, code_given=False))


def _results(
    form: SearchForm,
    people: list[Person] | None = None,
    result: dict[str, Any] | None = None,
) -> str:
    shown_people = (people or [])[:PAGE]
    more = len(people or []) > PAGE
    return render_template(
        "records/search.html",
        form=form,
        result=result,
        searched=people is not None,
        people=[_row(person) for person in shown_people],
        after=shown_people[-1].id if more else None,
        completions_url=url_for("records.completions"),
        ending=expiry.counted(db.session(), signed_in().viewer),
        ending_url=url_for("expiry.listed"),
        days=NOTICE.days,
    )


def _row(person: Person) -> dict[str, Any]:
    return row(person) | {"url": url_for("records.record", person_id=person.id)}


@bp.route("/<int:person_id>", methods=["GET", "POST"])
@requires(READ)
def record(person_id: int) -> ResponseReturnValue:
    """Show what is on record of a person, judged on a day; a day is sent by the form."""
    subject, today = _open(person_id, "record.read")
    form = DayForm()
    chosen = form.on.data if form.validate_on_submit() else None
    day = chosen or subject.next_start or today
    if not form.errors:
        form.on.data = day
    courses = history.of_person(db.session(), person_id, documents=True)
    page = render_template(
        "records/record.html",
        form=form,
        day=day,
        on_departure=day == subject.next_start,
        subject=_row(subject.person) | {"organisation": subject.person.organisation.name},
        standing=shown.standing(courses, day),
        certificates=shown.certificates(courses, day, _document_urls),
        history=shown.history(courses, day, signed_in().time_zone),
        export_url=url_for("records.export_record", person_id=person_id),
        search_url=url_for("records.search"),
    )
    return page, 422 if form.errors else 200


def _open(person_id: int, action: str) -> tuple[services.Subject, date]:
    me, now = signed_in(), clock.now()
    today = clock.day_at(now, me.time_zone)
    with db.transaction() as session:
        subject = services.opened(session, me.viewer, person_id, today, at=now, action=action)
    return subject, today


def _document_urls(held: Held, language: str) -> dict[str, str]:
    organisations = signed_in().viewer.organisations(READ)
    issued_here = organisations is None or held.certificate.organisation_id in organisations
    if not issued_here:
        return {"url": "", "download_url": ""}
    where: dict[str, Any] = {"certificate_id": held.certificate.id, "language": language}
    return {
        "url": url_for("records.document", **where),
        "download_url": url_for("records.document", **where, save=1),
    }


@bp.post("/<int:person_id>/export")
@requires(READ)
def export_record(person_id: int) -> Response:
    """Send a person's record as CSV, judged on the day of the page."""
    subject, today = _open(person_id, "record.exported")
    form = DayForm()
    day = (form.on.data if form.validate() else None) or subject.next_start or today
    courses = history.of_person(db.session(), person_id, documents=False)
    rows = [
        shown.cells(course, cycle)
        for course in shown.history(courses, day, signed_in().time_zone)
        for cycle in course["cycles"]
    ]
    file = csv_file(shown.header(), rows)
    return send_file(file, CSV, as_attachment=True, download_name="record.csv")


@bp.get("/certificates/<int:certificate_id>/<language>.pdf")
@requires(READ)
def document(certificate_id: int, language: str) -> Response:
    """Serve a document exactly as it was issued, to HR of the organisation that issued it."""
    with db.transaction() as session:
        number, digest, data = services.document(
            session, signed_in().viewer, certificate_id, language, at=clock.now()
        )
    return pdf(number, language, digest, data, inline="save" not in request.args)
