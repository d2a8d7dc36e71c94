"""The forms of the board and of waivers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from certificates.readiness.judging import State
from certificates.readiness.reading import Wanted
from certificates.readiness.services import Choice
from certificates.readiness.wording import BADGES, STATES
from training.accounts.unit_tree import paths
from training.forms import BaseForm, line, not_past, text

BY_BADGE = {badge: state for state, badge in BADGES.items()}


def _offered(_form: BaseForm, field: SelectField) -> None:
    """Refuse an address that was kept or typed, in words that tell what is the matter with it."""
    if field.data not in {int(choice.value) for choice in field.choices or ()}:
        raise ValidationError(_l("Nobody whom you may see goes with this. Choose again."))


def _narrowing(label: Any) -> SelectField:
    return SelectField(label, [_offered], coerce=int, default=0, validate_choice=False)


class BoardForm(BaseForm):
    """Whose readiness, on which day."""

    mission = _narrowing(_l("Mission"))
    rotation = _narrowing(_l("Rotation"))
    unit = _narrowing(_l("Unit"))
    on = DateField(_l("On which day"), [Optional()])
    state = SelectField(_l("State"), default="")

    def offer(self, found: Sequence[Choice]) -> None:
        """Offer what there is to choose from; of a chosen mission, its rotations only."""
        missions = {c.id: c.name for c in found if c.kind == "mission"}
        rotations = [
            (c.id, f"{missions.get(c.parent_id or 0, '')} / {c.name}")
            for c in found
            if c.kind == "rotation" and self.mission.data in {0, c.parent_id}
        ]
        units = [c for c in found if c.kind == "unit"]
        for field, pairs in (
            (self.mission, sorted(missions.items(), key=lambda pair: pair[1])),
            (self.rotation, sorted(rotations, key=lambda pair: pair[1])),
            (self.unit, paths(units)),
        ):
            these = [SelectChoice(str(key), name) for key, name in pairs]
            field.choices = [SelectChoice("0", _("All")), *these]
        states = [SelectChoice(badge, STATES[state]) for badge, state in BY_BADGE.items()]
        self.state.choices = [SelectChoice("", _("All")), *states]
        if self.rotation.data not in {key for key, _name in rotations}:
            self.rotation.data = 0  # It was one of another mission.

    @property
    def wanted(self) -> Wanted:
        """Return which deployments were chosen."""
        return Wanted(self.mission.data, self.rotation.data, self.unit.data)

    @property
    def only(self) -> State | None:
        """Return the one state to list."""
        return BY_BADGE.get(self.state.data)

    def query(self, **others: Any) -> dict[str, Any]:
        """Return the filter as an address carries it, with other values in it."""
        values = {
            "mission": self.mission.data,
            "rotation": self.rotation.data,
            "unit": self.unit.data,
            "on": self.on.data.isoformat() if self.on.data else None,
            "state": self.state.data,
        }
        kept = {} if self.errors else {name: value for name, value in values.items() if value}
        return {name: value for name, value in (kept | others).items() if value is not None}


class WaiverForm(BaseForm):
    """Why somebody may go without, by whose authority, and until when."""

    reason = text(
        _l("Why it is needed"),
        longest=1000,
        description=_l("Why the training cannot be done before, and what is done instead."),
        render_kw={"rows": 4},
    )
    authority = line(
        _l("By whose authority"),
        description=_l("A function or an order, e.g. Head of operations; never a name."),
    )
    ends_on = DateField(
        _l("Last day of the waiver"),
        [InputRequired(_l("Please fill this in.")), not_past],
        description=_l("Within the tour. After it the waiver ends by itself."),
    )

    def values(self) -> dict[str, str | date]:
        """Return what was filled in."""
        return {
            "reason": self.reason.data,
            "authority": self.authority.data,
            "ends_on": self.ends_on.data,
        }
