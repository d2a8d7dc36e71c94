"""What every form shares: a CSRF token, text as people mean it, and the field of a refusal."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from training import clock
from training.auth import signed_in
from training.errors import Invalid
from training.letters import unprintable

LINE = 200
# WTForms' own sentences which our fields can show, named here so that they are translated.
BORROWED = (
    _l("Not a valid choice."),
    _l("Not a valid date value."),
    _l("Not a valid integer value."),
    _l("Invalid Choice: could not coerce."),
)


class BaseForm(FlaskForm):
    """Parent of every form."""

    class Meta:
        """Let WTForms speak through Flask-Babel, in the language of the page."""

        locales = False

        def get_translations(self, _form: Any) -> Any:
            """Return the translations of the page."""
            return PageTranslations()

    def refuse(self, error: Invalid, message: str) -> None:
        """Show a refusal of the domain beside the field it is about."""
        if error.field in self:
            self[error.field].errors = [*self[error.field].errors, message]
        else:
            self.form_errors.append(message)


class PageTranslations:
    """WTForms' own messages, from the same catalogue as ours."""

    def gettext(self, text: str) -> str:
        """Translate one message."""
        return str(_l(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Translate a message that counts."""
        return str(_l(singular if number == 1 else plural))


def tidy(value: Any) -> Any:
    """Return text in one normal form, without blanks around it."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def harmless(_form: Any, field: Any) -> None:
    """Refuse control characters and those that turn the direction of the text."""
    if unprintable(field.data or ""):
        raise ValidationError(_l("This contains a character that cannot be printed."))


def line(label: Any, *, needed: bool = True, longest: int = LINE, **options: Any) -> StringField:
    """Return a field of one line of text."""
    presence = DataRequired(_l("Please fill this in.")) if needed else Optional()
    checks = [presence, harmless, Length(max=longest, message=_too_long(longest))]
    return StringField(label, checks, filters=[tidy], **options)


def text(label: Any, *, longest: int, needed: bool = True, **options: Any) -> TextAreaField:
    """Return a field of several lines of text."""
    presence = DataRequired(_l("Please fill this in.")) if needed else Optional()
    checks = [presence, harmless, Length(max=longest, message=_too_long(longest))]
    return TextAreaField(label, checks, filters=[tidy], **options)


def _too_long(longest: int) -> Any:
    return _l("This is too long: at most %(longest)s characters.", longest=longest)


def not_past(_form: FlaskForm, field: DateField) -> None:
    """Refuse a day that is past where the organisation of the reader is."""
    if field.data and field.data < clock.day_at(clock.now(), signed_in().time_zone):
        raise ValidationError(_l("Please choose today or a later day."))


def not_future(_form: FlaskForm, field: DateField) -> None:
    """Refuse a day that has not come yet where the organisation of the reader is."""
    if field.data and field.data > clock.day_at(clock.now(), signed_in().time_zone):
        raise ValidationError(_l("This day has not come yet."))
