"""The forms of sending a list in and of saying what its columns hold."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from training.accounts.forms import CATEGORIES
from training.accounts.models import Category
from training.addresses import LARGEST_ID
from training.forms import BaseForm
from training.i18n import LANGUAGES
from training.imports.mapping import Column, Sheet

FIELDS = {
    "name": _l("Name"),
    "family": _l("Family name"),
    "given": _l("First name"),
    "initials": _l("Initials"),
    "infix": _l("Prefix of the family name"),
    "personnel_number": _l("Personnel number"),
    "user_name": _l("User name"),
    "rank": _l("Rank or grade"),
    "unit": _l("Unit"),
    "email": _l("E-mail address"),
    "language": _l("Language"),
    "category": _l("Category"),
    "printed_name": _l("Name"),
}
NO_COLUMN = frozenset({"printed_name"})
COLUMN = "column"


class UploadForm(BaseForm):
    """Send a list in."""

    token = HiddenField()
    file = FileField(
        _l("List of people"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("XLSX or CSV, at most 5 MB and 20,000 rows."),
    )

    def choices(self) -> dict[str, str]:
        """Return what holds for every row and is known before the list is read."""
        return {}


class ColumnsForm(BaseForm):
    """What holds for every row; a field for each column is added by `columns_form`."""

    sheet = HiddenField()
    category = SelectField(
        _l("Category of new people, where the list says none"),
        choices=[SelectChoice(c.value, label) for c, label in CATEGORIES.items()],
    )
    language = SelectField(
        _l("Language of new people, where the list says none"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )
    make_units = BooleanField(
        _l("Make units that are not known yet"),
        description=_l("They come at the top of the tree of units, where you can move them."),
    )

    def mapping(self) -> dict[str, int]:
        """Return the column of each field; a field chosen twice keeps its last column."""
        chosen = {
            int(name.removeprefix(COLUMN)): field.data
            for name, field in self._fields.items()
            if name.startswith(COLUMN) and field.data
        }
        return {field: index for index, field in chosen.items()}

    def doubles(self) -> bool:
        """Tell whether two columns were said to hold the same."""
        named = [f.data for name, f in self._fields.items() if name.startswith(COLUMN) and f.data]
        return len(named) != len(set(named))

    def choices(self) -> dict[str, str]:
        """Return what holds for every row."""
        return {
            "category": self.category.data,
            "language": self.language.data,
            "make_units": "yes" if self.make_units.data else "no",
        }


class DismissAllForm(BaseForm):
    """Take all rows that were set aside off the list."""

    upto = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])
    sure = BooleanField(
        _l("Nothing on this list needs to be done any more"),
        [InputRequired(_l("Please tick this first."))],
    )


def columns_form(found: Sheet, labels: Mapping[str, Any], /, **defaults: Any) -> ColumnsForm:
    """Return the form for the columns of a sheet, with what was recognised chosen already.

    `labels` are those of all that a column may hold.
    """
    fields = {f"{COLUMN}{column.index}": _select(column, labels) for column in found.columns}
    made = type("SheetForm", (ColumnsForm,), fields)
    form: ColumnsForm = made(data={"category": Category.MILITARY.value} | defaults)
    return form


def _select(column: Column, labels: Mapping[str, Any]) -> SelectField:
    choices = [SelectChoice("", _l("Leave out"))]
    choices += [SelectChoice(name, label) for name, label in labels.items()]
    return SelectField(column.header or _l("Column without a header"), choices=choices)
