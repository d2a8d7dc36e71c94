"""The page on which somebody says what the columns of their list hold."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from training import db
from training.addresses import row_id
from training.auth import signed_in
from training.errors import Invalid
from training.imports import services
from training.imports.desk import Desk
from training.imports.forms import COLUMN, ColumnsForm, columns_form
from training.imports.models import Upload, UploadState


def columns(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Show what each column seems to hold."""
    found = services.own(db.session(), signed_in().viewer, desk.subject, upload_id)
    if found.state is not UploadState.OPEN:
        return redirect(url_for(".show", upload_id=upload_id))
    number = request.args.get("sheet", found.sheet, type=row_id)
    return _columns_page(desk, found, number, None)


def _columns_page(
    desk: Desk, found: Upload, number: int, refusal: Invalid | None
) -> ResponseReturnValue:
    sheets = services.sheets_of(db.session(), found)
    number = number if number < len(sheets) else found.sheet
    sheet = sheets[number]
    chosen = _chosen(found, number) or {f"{COLUMN}{c.index}": c.field for c in sheet.columns}
    defaults: dict[str, Any] = {"language": signed_in().language} | found.choices
    defaults["make_units"] = found.choices.get("make_units") == "yes"
    form = columns_form(sheet, _holdable(desk), **defaults | chosen | {"sheet": str(number)})
    if refusal is not None:
        form.refuse(refusal, _(str(refusal)))
    page = render_template(
        "imports/columns.html",
        form=form,
        eyebrow=desk.title,
        sheet=sheet,
        columns=[(form[f"{COLUMN}{column.index}"], column) for column in sheet.columns],
        sheets=[
            {
                "name": other.name,
                "rows": len(other.rows),
                "url": url_for(".columns", upload_id=found.id, sheet=index),
                "current": index == number,
            }
            for index, other in enumerate(sheets)
        ],
        discard_url=url_for(".discard", upload_id=found.id),
    )
    return page, 422 if form.errors else 200


def _holdable(desk: Desk) -> dict[str, Any]:
    return {name: label for name, label in desk.fields.items() if name not in desk.hidden}


def _chosen(found: Upload, number: int) -> dict[str, str]:
    if found.sheet != number:
        return {}
    return {f"{COLUMN}{index}": name for name, index in found.mapping.items()}


def choose_columns(desk: Desk, upload_id: int) -> ResponseReturnValue:
    """Keep what each column holds, and show what would happen."""
    viewer = signed_in().viewer
    found = services.own(db.session(), viewer, desk.subject, upload_id)
    number = request.form.get("sheet", 0, type=row_id)
    try:
        form = _validated(desk, found, number)
        with db.transaction() as session:
            services.choose(
                session, viewer, desk.subject, upload_id, number, form.mapping(), form.choices()
            )
    except Invalid as error:
        return _columns_page(desk, found, number, error)
    return redirect(url_for(".show", upload_id=upload_id), 303)


def _validated(desk: Desk, found: Upload, number: int) -> ColumnsForm:
    sheets = services.sheets_of(db.session(), found)
    if number >= len(sheets):
        raise Invalid("sheet", "There is no such sheet.")
    form = columns_form(sheets[number], _holdable(desk))
    if not form.validate():
        raise Invalid("mapping", "Choose from the lists what each column holds.")
    if form.doubles():
        raise Invalid("mapping", "Two columns are said to hold the same. Leave one of them out.")
    return form
