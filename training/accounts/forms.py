"""The forms of signing in and of people's records."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional, Regexp

from training.accounts import passwords
from training.accounts.models import Category
from training.forms import BaseForm, harmless, line, not_future, not_past, text, tidy
from training.i18n import LANGUAGES
from training.permissions import OF_A_UNIT, Role

CATEGORIES = {
    Category.MILITARY: _l("Military"),
    Category.POLICE: _l("Police"),
    Category.CIVILIAN: _l("Civilian expert"),
}
ROLES = {
    Role.TRAINER: _l("Mission trainer"),
    Role.HR: _l("HR verifier"),
    Role.AUTHOR: _l("Author"),
    Role.REVIEWER: _l("Content reviewer"),
    Role.COMMANDER: _l("Commander of a unit"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


# Long enough for a complaint about a result, and never for ever.
SUPERSEDED_DAYS, ANSWERS_MONTHS, RECORDS_YEARS = range(30, 731), range(6, 121), range(1, 31)
SHARED, OWN = "shared", "own"


def _kept_for(label: Any, allowed: range) -> IntegerField:
    said = _l("Choose a number from %(first)s to %(last)s.", first=allowed[0], last=allowed[-1])
    within = NumberRange(allowed[0], allowed[-1], message=said)
    return IntegerField(label, [InputRequired(_l("Please fill this in.")), within])


def lines(label: Any) -> Any:
    """Return a field of a few lines that may stay empty."""
    return text(label, longest=600, needed=False, render_kw={"rows": 3})


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
    """Choose a password; who has one already shows that they know it."""

    password_now = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Please fill this in.")), Length(max=passwords.LONGEST)],
    )
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
        [
            InputRequired(_l("Please fill this in.")),
            EqualTo("password", message=_l("The two are not the same.")),
        ],
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
    native_name = line(_l("Name in own script"), needed=False, longest=120)
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


class OrganisationForm(BaseForm):
    """What an organisation says of itself, and where its people report."""

    time_zone = SelectField(
        _l("Time zone"),
        choices=[SelectChoice(name, name) for name in sorted(available_timezones())],
        description=_l("Dates are those of this zone."),
    )
    contact = line(
        _l("Who helps, and corrects a name"),
        needed=False,
        description=_l(
            "Shown on the help page, when something went wrong, and before a certificate."
        ),
    )
    conduct_inside = lines(_l("Reporting in the chain of command"))
    conduct_outside = lines(_l("Reporting outside the chain of command"))
    referral = lines(_l("Help for a survivor"))
    gender_adviser = lines(_l("Gender adviser"))
    conduct_checked_on = DateField(
        _l("Checked on"),
        [Optional(), not_future],
        description=_l("The day on which somebody made sure that these contacts are right."),
    )

    keep_superseded_days = _kept_for(
        _l("Days that answers which were changed later are kept"), SUPERSEDED_DAYS
    )
    keep_answers_months = _kept_for(_l("Months that answers are kept"), ANSWERS_MONTHS)
    keep_records_years = _kept_for(
        _l("Years that records are kept after the last deployment"), RECORDS_YEARS
    )

    def values(self) -> dict[str, Any]:
        """Return what was filled in, as it is recorded."""
        texts = ("contact", "conduct_inside", "conduct_outside", "referral", "gender_adviser")
        kept = ("keep_superseded_days", "keep_answers_months", "keep_records_years")
        return {name: self[name].data or "" for name in texts} | {
            **{name: self[name].data for name in kept},
            "time_zone": self.time_zone.data,
            "conduct_checked_on": self.conduct_checked_on.data,
        }


class UnitForm(BaseForm):
    """A unit and its place."""

    name = line(_l("Name of the unit"), longest=100)
    parent_id = SelectField(_l("Part of"), coerce=lambda value: int(value or 0))


class TransferForm(BaseForm):
    """Take somebody over from another organisation."""

    code = line(
        _l("Transfer code"),
        longest=60,
        description=_l("The administrator of the other organisation makes it."),
    )


class SearchForm(BaseForm):
    """Find people by any part of what is known of them."""

    q = line(_l("Name, user name or number"), needed=False, longest=80)


class GrantForm(BaseForm):
    """Give a role; who commands a unit has it for that unit."""

    role = SelectField(
        _l("Role"), choices=[SelectChoice(role.value, label) for role, label in ROLES.items()]
    )
    unit_id = SelectField(
        _l("Unit"),
        coerce=int,
        default=0,
        description=_l("Only for a commander, who sees this unit and what is within it."),
    )
    ends_on = DateField(_l("Last day"), [Optional(), not_past])

    def offer(self, units: Sequence[tuple[int, str]]) -> None:
        """Offer these units to choose from."""
        choices = [SelectChoice(str(unit_id), path) for unit_id, path in units]
        self.unit_id.choices = [SelectChoice("0", _("None")), *choices]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the unit where the role is held for one."""
        fine = bool(super().validate(extra_validators))
        if fine and self.of_a_unit and not self.unit_id.data:
            self.unit_id.errors = [_("Please choose the unit this person commands.")]
            return False
        return fine

    @property
    def of_a_unit(self) -> bool:
        """Tell whether the role is held for a unit."""
        return Role(self.role.data) in OF_A_UNIT
