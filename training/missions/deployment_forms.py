"""The forms of deployments: one of them, and which of them to list."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from training.accounts.forms import CATEGORIES
from training.accounts.models import Category, Person, Unit
from training.accounts.unit_tree import paths, under
from training.errors import Invalid
from training.forms import BaseForm, line, text
from training.missions.forms import SeenForm, choices, day
from training.missions.labels import FUNCTIONS
from training.missions.models import Deployment, Rotation
from training.missions.posted import Filter, When

WHENS = {
    When.CURRENT: _l("Now and to come"),
    When.NOW: _l("Now"),
    When.UPCOMING: _l("To come"),
    When.PAST: _l("Past"),
    When.CANCELLED: _l("Cancelled"),
}


def _units(units: Sequence[Unit], first: str) -> list[SelectChoice]:
    rest = (SelectChoice(str(unit_id), path) for unit_id, path in paths(units))
    return [SelectChoice("0", first), *rest]


def _rotations(rotations: Sequence[Rotation], first: str) -> list[SelectChoice]:
    return [SelectChoice("0", first), *(SelectChoice(str(r.id), r.name) for r in rotations)]


class ReasonForm(BaseForm):
    """Why a deployment is cancelled."""

    reason = text(_l("Reason"), longest=500, render_kw={"rows": 2})


class DeploymentForm(SeenForm):
    """Who goes, or which post is vacant, from when until when."""

    NAMES = {"person_id": "who"}  # noqa: RUF012 - it overrides one that says so
    token = HiddenField(validators=[Length(16, 64)])
    who = line(
        _l("Personnel number or user name"),
        needed=False,
        longest=80,
        description=_l("Leave it empty for a vacant post."),
    )
    post = line(_l("Post"), needed=False, longest=100)
    category = SelectField(_l("Category"))
    unit_id = SelectField(_l("Unit on the mission"), coerce=int, default=0)
    functions = SelectMultipleField(
        _l("Functions"),
        choices=choices(FUNCTIONS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    rotation_id = SelectField(_l("Rotation"), coerce=int, default=0)
    starts_on = day(_l("First day"))
    ends_on = day(_l("Last day"))
    reason = text(
        _l("Reason for the change"),
        longest=500,
        description=_l("It is kept with the change, for everybody who plans."),
        render_kw={"rows": 2},
    )

    def __init__(self, deployment: Deployment | None = None, **options: Any) -> None:
        """Remember what is changed; without it a deployment is made."""
        super().__init__(**options)
        self.deployment = deployment
        if deployment is None:
            del self.reason
            self.token.data = self.token.data or secrets.token_urlsafe(24)
        else:
            del self.token

    def offer(self, units: Sequence[Unit], rotations: Sequence[Rotation]) -> None:
        """Offer these units and rotations to choose from."""
        anew = self.deployment is None
        recorded = [SelectChoice("", _("As recorded of the person"))] if anew else []
        self.category.choices = [*recorded, *choices(CATEGORIES)]
        self.unit_id.choices = _units(units, _("Where they serve at home") if anew else _("None"))
        self.rotation_id.choices = _rotations(rotations, _("None"))

    def fill(self, like: Deployment) -> None:
        """Fill the fields with a deployment."""
        person = like.person
        self.who.data = known_as(person) if person else ""
        self.post.data, self.functions.data = like.post, like.functions
        self.category.data = like.category.value
        self.unit_id.data, self.rotation_id.data = like.unit_id or 0, like.rotation_id or 0
        self.starts_on.data, self.ends_on.data = like.starts_on, like.ends_on

    def values(self, person: Person | None) -> dict[str, Any]:
        """Return what was filled in of a person or a vacant post. Raises `Invalid`."""
        category = Category(self.category.data) if self.category.data else None
        if person is None and category is None:
            raise Invalid("category", "Please choose the category of a vacant post.")
        unit_id = self.unit_id.data or None
        if self.deployment is None and person is not None:
            unit_id = unit_id or person.unit_id
        return {
            "person_id": person.id if person else None,
            "category": category or (person.category if person else None),
            "unit_id": unit_id,
            "rotation_id": self.rotation_id.data or None,
            "post": self.post.data or "",
            "functions": self.functions.data or [],
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
        }


def known_as(person: Person) -> str:
    """Return what a person is written as in the form."""
    return person.personnel_number or person.user_name


class FilterForm(BaseForm):
    """Which deployments to list."""

    when = SelectField(_l("When"), choices=choices(WHENS), default=When.CURRENT.value)
    rotation = SelectField(_l("Rotation"), coerce=int, default=0)
    unit = SelectField(_l("Unit"), coerce=int, default=0)

    def offer(self, units: Sequence[Unit], rotations: Sequence[Rotation]) -> None:
        """Offer these units and rotations to choose from."""
        self.rotation.choices = _rotations(rotations, _("All"))
        self.unit.choices = _units(units, _("All"))

    def wanted(self, units: Sequence[Unit]) -> Filter:
        """Return what was chosen; a filter that is not valid chooses nothing."""
        if not self.validate():
            return Filter()
        within = under(units, self.unit.data) if self.unit.data else None
        return Filter(self.rotation.data, within, When(self.when.data))

    def query(self, **others: Any) -> dict[str, Any]:
        """Return the filter as an address carries it, with other values in it."""
        fields = {name: self[name].data for name in ("when", "rotation", "unit")}
        kept = {} if self.errors else {name: value for name, value in fields.items() if value}
        return kept | others
