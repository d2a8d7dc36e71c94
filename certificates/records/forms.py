"""The forms of HR's desk: one search box, a day to judge on, and a filter."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import Optional

from training.forms import BaseForm, line


class SearchForm(BaseForm):
    """Find a person or a certificate."""

    q = line(
        _l("Name, personnel number, user name or certificate number"),
        longest=80,
        description=_l("The beginning of each word is enough. Accents do not matter."),
    )
    after = HiddenField()


class DayForm(BaseForm):
    """Judge a record on a day."""

    on = DateField(_l("Judged on"), [Optional()])


class CompletionsForm(BaseForm):
    """Which completions to list."""

    course = SelectField(_l("Course"), coerce=int, default=0)
    unit = SelectField(_l("Unit"), coerce=int, default=0)
    first = DateField(_l("Completed from"), [Optional()])
    last = DateField(_l("Completed up to and including"), [Optional()])
