"""The forms of start codes and of the second step."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp

from training.accounts.forms import SearchForm
from training.forms import BaseForm, line

RANDOM = r"^[A-Za-z0-9_-]{16,64}$"


class LetInForm(SearchForm):
    """Find people to give access to."""

    only = SelectField(
        _l("Show"),
        choices=[SelectChoice("", _l("Not yet in")), SelectChoice("all", _l("All"))],
        default="",
    )


class CardsForm(BaseForm):
    """For whom to print start cards."""

    unit_id = SelectField(_l("For whom"), coerce=lambda value: int(value or 0))
    anew = BooleanField(
        _l("Also those who have a card: the cards they have stop working"),
    )
    token = HiddenField(validators=[Regexp(RANDOM)])


class CodeForm(BaseForm):
    """Ask for one person's start code; the token makes the same click twice one request."""

    token = HiddenField(validators=[Optional(), Regexp(RANDOM)])


class SecondStepForm(BaseForm):
    """The code of an authenticator, or a recovery code."""

    code = line(_l("Code"), longest=40)
