"""The pages of importing a roster, for whoever plans who goes when."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from training import i18n
from training.imports import people_desk, views
from training.imports.desk import Desk
from training.imports.forms import FIELDS, NO_COLUMN
from training.imports.models import Upload
from training.imports.planning import Kind, Planned
from training.missions.labels import FUNCTIONS, by_value
from training.rosters import services
from training.rosters.forms import roster_form
from training.rosters.matching import Tour
from training.rosters.planned import Deployed, Roster
from training.rosters.rows import NAMES, Line

NAMED = by_value(FUNCTIONS)
OF_ROSTER = {
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "post": _l("Post"),
    "functions": _l("Functions"),
}
ROTATION = {"rotation_id": _l("Rotation")}
OF_PERSON = ("user_name", "personnel_number", "rank")
OF_TOUR = ("starts_on", "ends_on", "post", "category", "functions")
LABELS = FIELDS | OF_ROSTER | ROTATION


def _name_of(row: Planned) -> str:
    line = row.entry
    if isinstance(line, Line) and line.vacant:
        return _("Vacant post: %(post)s", post=line.cells.get("post", "")).rstrip(": ")
    written = " ".join(line.cells[part] for part in NAMES if part in line.cells)
    return row.entry.values.get("printed_name") or written or people_desk.name_of(row)


def _changes(row: Planned) -> list[tuple[Any, str, str]]:
    if not isinstance(row, Deployed):
        return []
    return [*_of_person(row), *_of_tour(row)]


def _of_person(row: Deployed) -> Iterator[tuple[Any, str, str]]:
    values = row.somebody.values if row.somebody else {}
    for name in OF_PERSON:
        if values.get(name):
            yield LABELS[name], "", _shown(values[name])


def _of_tour(row: Deployed) -> Iterator[tuple[Any, str, str]]:
    if row.kind not in services.TAKEN:
        return
    tour, values = row.tour, row.values
    if tour is None:
        first, last = i18n.day(values["starts_on"]), i18n.day(values["ends_on"])
        yield _("Days"), "", _("%(first)s until %(last)s", first=first, last=last)
    for name in OF_TOUR if tour else OF_TOUR[2:]:
        if name in values and (tour or values[name]):
            before = _shown(getattr(tour, name)) if tour else ""
            yield LABELS[name], before, _shown(values[name])
    if {"unit", "unit_id"} & set(values) and row.entry.values.get("unit"):
        yield LABELS["unit"], "", row.entry.values["unit"]
    if tour and "rotation_id" in values:
        yield LABELS["rotation_id"], "", _("the rotation of this import")


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(NAMED[name]) for name in value) or people_desk.NOTHING
    if hasattr(value, "isoformat"):
        return i18n.day(value)
    return people_desk.value(value) or people_desk.NOTHING


def _besides(found: Upload, planned: Sequence[Planned]) -> dict[str, Any]:
    return {
        "mission": found.choices["mission_name"],
        "rotation": found.choices["rotation_name"],
        "mission_url": url_for("missions.mission", mission_id=int(found.choices["mission"])),
        "absent": [_absent(tour) for tour in planned.absent] if isinstance(planned, Roster) else [],
        "moved": sum(row.kind is Kind.CHANGED for row in planned),
    }


def _absent(tour: Tour) -> dict[str, Any]:
    first, last = i18n.day(tour.starts_on), i18n.day(tour.ends_on)
    named = (tour.printed_name or _("Vacant post"), tour.personnel_number, tour.post)
    return {
        "id": tour.id,
        "name": ", ".join(filter(None, named)),
        "days": _("%(first)s until %(last)s", first=first, last=last),
    }


def _choices() -> dict[str, str]:
    ticked = [text for text in request.form.getlist("cancel") if text.isascii() and text.isdigit()]
    return {"cancel": " ".join(ticked)}


DESK = Desk(
    name="rosters",
    subject=services.SUBJECT,
    title=_l("Import a roster"),
    fields=LABELS,
    hidden=NO_COLUMN | set(ROTATION),
    start_template="rosters/start.html",
    plan_template="rosters/plan.html",
    upload_form=roster_form,
    name_of=_name_of,
    changes=_changes,
    besides=_besides,
    choices=_choices,
)
bp = views.pages(DESK)
