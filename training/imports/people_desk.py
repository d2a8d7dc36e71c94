"""The pages of importing a list of people, for the administrator."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from training import i18n
from training.accounts.forms import CATEGORIES
from training.imports import people, views
from training.imports.desk import Desk
from training.imports.forms import FIELDS, NO_COLUMN, UploadForm
from training.imports.models import Upload
from training.imports.planning import Kind, Planned

NOTHING = "\N{EN DASH}"


def name_of(row: Planned) -> str:
    """Return the name in a row, or all that stands there."""
    entry = row.entry
    return entry.values.get("printed_name") or " ".join(entry.cells.values())


def changes(row: Planned) -> list[tuple[Any, str, str]]:
    """Return what a row would change of a person, or say of a new one."""
    if row.kind is Kind.NEW:
        shown = ("user_name", "personnel_number", "rank", "email", "category", "language")
        said = [(FIELDS[k], "", value(row.values[k])) for k in shown if row.values.get(k)]
        unit = row.entry.values.get("unit")
        return [*said, (FIELDS["unit"], "", unit)] if unit else said
    return [
        (FIELDS["unit"], "", row.entry.values["unit"])
        if name in {"unit", "unit_id"}
        else (FIELDS[name], value(getattr(row.person, name) or NOTHING), value(found))
        for name, found in row.values.items()
    ]


def value(found: Any) -> str:
    """Return a value of a person as it is shown."""
    if found in CATEGORIES:
        return str(CATEGORIES[found])
    return i18n.LANGUAGES.get(found, str(found))


def _besides(_found: Upload, _planned: Sequence[Planned]) -> dict[str, Any]:
    return {"people_url": url_for("people.people")}


DESK = Desk(
    name="imports",
    subject=people.SUBJECT,
    title=_l("Import people"),
    fields=FIELDS,
    hidden=NO_COLUMN,
    start_template="imports/people.html",
    plan_template="imports/plan.html",
    upload_form=UploadForm,
    name_of=name_of,
    changes=changes,
    besides=_besides,
    choices=dict,
)
bp = views.pages(DESK)
