"""The form of one rule."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from modules.requirements.labels import COMPONENTS, EXTERNAL, NARROWING, SPANS
from modules.requirements.sentences import Names
from modules.requirements.validity import Span
from modules.requirements.values import Values
from training.forms import BaseForm

LONGEST = 3_650  # Days.
STAND = 4  # So many things may stand for what is asked.
_DAYS = NumberRange(1, LONGEST, _l("Please enter a number from 1 to 3650."))


def _several(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _instead(number: int) -> tuple[SelectField, IntegerField]:
    return (
        SelectField(_l("Instead counts (%(number)s)", number=number)),
        IntegerField(
            _l("At most so many days old (%(number)s)", number=number), [Optional(), _DAYS]
        ),
    )


class RuleForm(BaseForm):
    """Who needs what, by when, for how long, and what may stand for it."""

    course = SelectField(_l("What is required"), coerce=int)
    component = SelectField(
        _l("Which part of it"),
        description=_l("A part that ends sooner than the whole can have a rule of its own."),
    )
    frameworks = _several(_l("Mission framework"))
    categories = _several(_l("Category"))
    functions = _several(_l("Function"))
    rank_bands = _several(_l("Rank band"))
    mission_id = SelectField(_l("Mission"), coerce=int)
    span = RadioField(_l("When it must count"), default=Span.START.value)
    due_days_before = IntegerField(
        _l("How many days before departure it must be finished"),
        [InputRequired(_l("Please fill this in.")), _DAYS],
    )
    max_age_days = IntegerField(
        _l("How many days old it may be on the first day"), [Optional(), _DAYS]
    )
    waivable = BooleanField(_l("A waiver is possible"), default=True)
    stand_1, oldest_1 = _instead(1)
    stand_2, oldest_2 = _instead(2)
    stand_3, oldest_3 = _instead(3)
    stand_4, oldest_4 = _instead(4)
    # The rule as it was when the form was opened.
    shown = HiddenField()

    def offer(self, names: Names) -> None:
        """Offer these courses and missions to choose from."""
        courses = [SelectChoice(str(key), title) for key, title in names.courses.items()]
        module = SelectChoice("0", _("The mission module of their mission"))
        self.course.choices = [*courses, module]
        missions = [SelectChoice(str(key), name) for key, name in names.missions.items()]
        self.mission_id.choices = [SelectChoice("0", _("Every mission")), *missions]
        whole = SelectChoice("", _("All of it"))
        self.component.choices = [whole, *_choices(COMPONENTS)]
        self.span.choices = _choices(SPANS)
        for name, _label, called in NARROWING:
            self[name].choices = _choices(called)
        others = [SelectChoice("", _("Nothing")), *courses, *_choices(EXTERNAL)]
        for stand, _age in self.instead:
            stand.choices = others

    @property
    def instead(self) -> list[tuple[Any, Any]]:
        """Return the fields of what may stand for it, each with that of its age."""
        return [(self[f"stand_{n}"], self[f"oldest_{n}"]) for n in range(1, STAND + 1)]

    def values(self) -> dict[str, Any]:
        """Return what the rule is to say."""
        stand = [
            [int(stand.data) if stand.data.isdigit() else stand.data, age.data]
            for stand, age in self.instead
            if stand.data
        ]
        return {
            **{name: sorted(self[name].data or []) for name, _label, _called in NARROWING},
            "mission_id": self.mission_id.data or None,
            "course_id": self.course.data or None,
            "component": self.component.data or None,
            "span": self.span.data,
            "max_age_days": self.max_age_days.data,
            "due_days_before": self.due_days_before.data,
            "waivable": self.waivable.data,
            "equivalents": stand,
        }


def data(values: Values) -> dict[str, Any]:
    """Return what the fields of the form hold for a rule that says this."""
    held = dict(values)
    for number, (subject, age) in enumerate(values["equivalents"], 1):
        held |= {f"stand_{number}": str(subject), f"oldest_{number}": age}
    return held | {
        "course": values["course_id"] or 0,
        "mission_id": values["mission_id"] or 0,
        "component": values["component"] or "",
    }


def _choices(called: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, str(label)) for key, label in called.items()]
