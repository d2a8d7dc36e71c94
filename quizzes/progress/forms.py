"""The forms of the list of who is where."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from modules.assignments.forms import unit_choices
from quizzes.progress.services import Filter
from quizzes.progress.states import Sort, State
from training.accounts.models import Unit
from training.accounts.unit_tree import under
from training.addresses import LARGEST_ID
from training.forms import BaseForm, line, text

STATES = {
    State.STUCK: _l("Stuck"),
    State.LATE: _l("Late"),
    State.NOT_STARTED: _l("Not started"),
    State.UNDER_WAY: _l("Under way"),
    State.DONE: _l("Done"),
}
SORTS = {Sort.STATE: _l("State"), Sort.NAME: _l("Name"), Sort.DUE: _l("Due date")}


class FilterForm(BaseForm):
    """Which assignments to list, and in which order."""

    q = line(_l("Name, user name or number"), needed=False, longest=80)
    state = SelectField(_l("State"), default="")
    course = SelectField(_l("Training"), coerce=int, default=0)
    unit = SelectField(_l("Unit"), coerce=int, default=0)
    due_before = DateField(_l("Due date before"), [Optional()])
    sort = SelectField(_l("Sort by"), default=Sort.STATE.value)

    def offer(self, courses: Mapping[int, str], units: Sequence[Unit]) -> None:
        """Offer these courses and units to choose from."""
        states = [SelectChoice(state.value, label) for state, label in STATES.items()]
        titles = [SelectChoice(str(key), title) for key, title in courses.items()]
        self.state.choices = [SelectChoice("", _("All")), *states]
        self.course.choices = [SelectChoice("0", _("All")), *titles]
        self.unit.choices = unit_choices(units, _("All"))
        self.sort.choices = [SelectChoice(sort.value, label) for sort, label in SORTS.items()]

    def wanted(self, units: Sequence[Unit]) -> Filter:
        """Return what was chosen; a filter that is not valid chooses nothing."""
        if not self.validate():
            return Filter()
        return Filter(
            search=self.q.data or "",
            state=State(self.state.data) if self.state.data else None,
            course_id=self.course.data,
            unit_ids=under(units, self.unit.data) if self.unit.data else None,
            due_before=self.due_before.data,
            sort=Sort(self.sort.data),
        )

    def query(self, **others: Any) -> dict[str, Any]:
        """Return the filter as an address carries it, with other values in it.

        What was searched for is a name more often than not, and stays out of addresses.
        """
        day = self.due_before.data if not self.errors else None
        values = {
            "state": self.state.data,
            "course": self.course.data,
            "unit": self.unit.data,
            "due_before": day.isoformat() if day else None,
            "sort": self.sort.data if self.sort.data != Sort.STATE.value else None,
        }
        kept = {} if self.errors else {name: value for name, value in values.items() if value}
        return kept | others


class SelectionForm(BaseForm):
    """Assignments that were ticked, each with the due date that was shown beside it."""

    due_on = DateField(_l("New due date"), [InputRequired(_l("Please fill this in."))])
    everyone = BooleanField(_l("Everyone the filter shows, also on the next pages"))


class TalkForm(BaseForm):
    """What was talked about before a test was unlocked."""

    note = text(
        _l("What you talked about"),
        longest=1000,
        description=_l("What was not understood, and what was agreed. It is kept on record."),
        render_kw={"rows": 5},
    )


def ticked(values: Sequence[str]) -> dict[int, date | None] | None:
    """Return the ticked assignments with the dates shown; None when they cannot be read."""
    found: dict[int, date | None] = {}
    try:
        for value in values:
            number, _colon, day = value.partition(":")
            if not 0 < int(number) <= LARGEST_ID:
                return None
            found[int(number)] = date.fromisoformat(day) if day else None
    except ValueError:
        return None
    return found
