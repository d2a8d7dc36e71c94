"""The form of assigning."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from training.forms import BaseForm, text


class AssignForm(BaseForm):
    """Give a course to people."""

    course = SelectField(_l("Course"), coerce=int)
    due_on = DateField(_l("To be finished by"), [Optional()])
    people = text(
        _l("People"),
        longest=40_000,
        description=_l("User names, personnel numbers or e-mail addresses, one on a line."),
        render_kw={"rows": 8},
    )
