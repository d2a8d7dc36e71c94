"""The form of assigning."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from training.accounts.models import Unit
from training.accounts.unit_tree import paths
from training.forms import BaseForm, not_past, text


class AssignForm(BaseForm):
    """Give a course to people: to those named, to everybody in a unit, or to both."""

    course = SelectField(_l("Training"), coerce=int)
    due_on = DateField(_l("Due date"), [Optional(), not_past])
    unit_id = SelectField(
        _l("A whole unit"),
        coerce=int,
        default=0,
        description=_l("Everybody in it, and in the units under it."),
    )
    people = text(
        _l("People"),
        longest=40_000,
        needed=False,
        description=_l("User names, personnel numbers or e-mail addresses, one on a line."),
        render_kw={"rows": 8},
    )

    def offer(self, courses: Mapping[int, str], units: Sequence[Unit]) -> None:
        """Offer these courses and units to choose from."""
        self.course.choices = [SelectChoice(str(key), title) for key, title in courses.items()]
        self.unit_id.choices = unit_choices(units, _("None"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for somebody to assign to."""
        fine = bool(super().validate(extra_validators))
        if fine and not self.people.data and not self.unit_id.data:
            self.people.errors = [_("Please name somebody, or choose a unit.")]
            return False
        return fine


def unit_choices(units: Sequence[Unit], first: str) -> list[SelectChoice]:
    """Return the units to choose from by the way to each, after a first choice of none."""
    return [
        SelectChoice("0", first),
        *(SelectChoice(str(unit_id), path) for unit_id, path in paths(units)),
    ]
