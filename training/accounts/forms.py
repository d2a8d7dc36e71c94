"""The forms of signing in and of people's records."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from training.accounts import passwords
from training.accounts.models import Category
from training.forms import BaseForm, harmless, line, tidy
from training.i18n import LANGUAGES
from training.permissions import Role

CATEGORIES = {
    Category.MILITARY: _l("Military"),
    Category.POLICE: _l("Police"),
    Category.CIVILIAN: _l("Civilian expert"),
}
ROLES = {
    Role.TRAINER: _l("Mission trainer"),
    Role.HR: _l("HR verifier"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


SHARED, OWN = "shared", "own"
RANDOM = r"^[A-Za-z0-9_-]{16,64}$"


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class SignInForm(BaseForm):
    """Sign in with a password or, the first time, a start code."""

    user_name = line(_l("User name"))
    password = PasswordField(
        _l("Password or start code"),
        [InputRequired(_l("Please fill this in.")), Length(max=passwords.LONGEST)],
    )
    device = RadioField(
        _l("Where are you?"),
        choices=[
            SelectChoice(SHARED, _l("At a shared computer: I am signed out after a short rest")),
            SelectChoice(OWN, _l("On my own device: I stay signed in for the day")),
        ],
        default=SHARED,
    )


class PasswordForm(BaseForm):
    """Choose a password."""

    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Please fill this in.")),
            Length(
                passwords.SHORTEST,
                passwords.LONGEST,
                message=_l(
                    "Use %(shortest)s to %(longest)s characters.",
                    shortest=passwords.SHORTEST,
                    longest=passwords.LONGEST,
                ),
            ),
        ],
        description=_l("A sentence of four or more words is easy to keep and hard to guess."),
    )
    repeat = PasswordField(
        _l("The same again"),
        [EqualTo("password", message=_l("The two are not the same."))],
    )

    def __init__(self, about: tuple[str, ...], **options: Any) -> None:
        """Remember what a password must not be made of."""
        super().__init__(**options)
        self.about = about

    def validate_password(self, field: Any) -> None:
        """Refuse what is easily guessed."""
        if passwords.is_weak(field.data, self.about):
            raise ValidationError(_l("This is easily guessed. Add a few words."))


class PersonForm(BaseForm):
    """What is recorded of a person."""

    printed_name = line(
        _l("Name as printed on the certificate"),
        longest=120,
        description=_l("In Latin letters, as in the passport."),
    )
    native_name = line(_l("Name in the person's own script"), needed=False, longest=120)
    user_name = StringField(
        _l("User name"),
        [
            InputRequired(_l("Please fill this in.")),
            Regexp(
                r"^[a-z0-9][a-z0-9._@-]{1,79}$",
                message=_l("Use letters a to z, figures, and . _ @ - only."),
            ),
        ],
        filters=[tidy, _lower],
    )
    personnel_number = line(_l("Personnel number"), needed=False, longest=40)
    rank = line(_l("Rank or grade"), needed=False, longest=60)
    category = SelectField(
        _l("Category"), choices=[SelectChoice(c.value, label) for c, label in CATEGORIES.items()]
    )
    unit_id = SelectField(_l("Unit"), coerce=lambda value: int(value or 0))
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
    email = EmailField(
        _l("E-mail address"),
        [
            Optional(),
            harmless,
            Length(max=254),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("This is not an e-mail address.")),
        ],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        """Return what was filled in, as it is recorded."""
        texts = ("native_name", "personnel_number", "rank", "email")
        return {
            "printed_name": self.printed_name.data,
            "user_name": self.user_name.data,
            "category": Category(self.category.data),
            "unit_id": self.unit_id.data or None,
            "language": self.language.data,
        } | {name: self[name].data or None for name in texts}


class SearchForm(BaseForm):
    """Find people by any part of what is known of them."""

    q = line(_l("Name, user name or number"), needed=False, longest=80)


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


class GrantForm(BaseForm):
    """Give a role."""

    role = SelectField(
        _l("Role"), choices=[SelectChoice(role.value, label) for role, label in ROLES.items()]
    )
    ends_on = DateField(_l("Last day"), [Optional()])
