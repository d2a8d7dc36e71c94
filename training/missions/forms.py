"""The forms of missions, their rotations, and mandates."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from training.errors import Invalid
from training.forms import BaseForm, line, not_future, not_past, text
from training.missions.meanwhile import Written
from training.missions.models import Framework, MissionStatus
from training.missions.planning import CHANNELS, CHECKED, FIELDS

FRAMEWORKS = {
    Framework.UN: _l("UN"),
    Framework.EU: _l("EU"),
    Framework.NATO: _l("NATO"),
    Framework.OSCE: _l("OSCE"),
    Framework.NATIONAL: _l("National"),
    Framework.OTHER: _l("Other"),
}
STATUSES = {
    MissionStatus.PREPARED: _l("In preparation"),
    MissionStatus.OPEN: _l("Opened"),  # In French what is open elsewhere is to be done.
    MissionStatus.CLOSED: _l("Closed"),
}


def choices(labels: Any) -> list[SelectChoice]:
    """Return the members of an enumeration to choose from."""
    return [SelectChoice(member.value, label) for member, label in labels.items()]


def day(label: Any, *checks: Any, **options: Any) -> DateField:
    """Return a field of a day that must be given."""
    return DateField(label, [InputRequired(_l("Please fill this in.")), *checks], **options)


def _channel(label: Any, hint: Any = "") -> Any:
    return text(label, longest=600, needed=False, description=hint, render_kw={"rows": 3})


def _checked(label: Any) -> DateField:
    return DateField(label, [Optional(), not_future])


class SeenForm(BaseForm):
    """A form that carries what its sender saw, so that nothing of others is overwritten."""

    seen = HiddenField()

    def seen_before(self) -> Written:
        """Return what the sender saw. Raises `Invalid` for what no page of ours has sent."""
        try:
            found = json.loads(self.seen.data or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Invalid("seen", "Please open this page again and repeat your change.")
        return {str(key): str(value) for key, value in found.items()}

    def show(self, now: Written) -> None:
        """Carry what is shown now."""
        self.seen.data = json.dumps(dict(now))


class MissionForm(SeenForm):
    """A mission, and where its people report and find help."""

    name = line(_l("Name of the mission"))
    framework = SelectField(_l("Framework"), choices=choices(FRAMEWORKS))
    host_country = line(_l("Host country"), longest=100)
    status = SelectField(
        _l("Status"),
        choices=choices(STATUSES),
        description=_l(
            "A mission can be opened when it says where to report, inside and outside the chain "
            "of command. It can be closed when nobody is on it any more."
        ),
    )
    conduct_inside = _channel(_l("Reporting in the chain of command"))
    conduct_outside = _channel(_l("Reporting outside the chain of command"))
    conduct_checked_on = _checked(_l("Ways to report checked on"))
    referral = _channel(_l("Help for a survivor"))
    referral_checked_on = _checked(_l("Help for a survivor checked on"))
    gender_adviser = _channel(_l("Gender adviser"))
    adviser_checked_on = _checked(_l("Gender adviser checked on"))
    hand_over = _channel(
        _l("Hand-over for a defender at risk"),
        _l("Who takes over the case of a human rights defender at risk, and when to reach them."),
    )
    hand_over_checked_on = _checked(_l("Hand-over checked on"))
    action_plan = _channel(
        _l("Action plan of the host country"),
        _l("On women, peace and security: for which years, and who is responsible."),
    )
    action_plan_checked_on = _checked(_l("Action plan checked on"))

    def values(self) -> dict[str, Any]:
        """Return what was filled in, as it is recorded."""
        return {
            **{name: self[name].data or "" for name in ("name", "host_country", *CHANNELS)},
            **{name: self[name].data for name in CHECKED},
            "framework": Framework(self.framework.data),
            "status": MissionStatus(self.status.data),
        }

    def typed(self) -> dict[str, Any]:
        """Return what stands in the fields, to fill another form with it."""
        return {name: self[name].data for name in FIELDS}


class RotationForm(BaseForm):
    """A rotation and its days."""

    name = line(_l("Name of the rotation"), longest=100)
    starts_on = day(_l("First day"))
    ends_on = day(_l("Last day"))

    def values(self) -> dict[str, Any]:
        """Return what was filled in, as it is recorded."""
        return {key: self[key].data for key in ("name", "starts_on", "ends_on")}


class MandateForm(BaseForm):
    """Until when the lead may see names."""

    ends_on = day(_l("Last day"), not_past)
