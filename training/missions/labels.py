"""What frameworks, statuses and functions are called, for every page and file that names them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from training.missions.models import Framework, Function, MissionStatus

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
FUNCTIONS = {
    Function.LEADERSHIP: _l("Leadership"),
    Function.DECISION_MAKER: _l("Decision maker"),
    Function.COMMUNITY_FACING: _l("Community-facing"),
    Function.GENDER_ADVISER: _l("Gender adviser"),
    Function.GENDER_FOCAL_POINT: _l("Gender focal point"),
}


def by_value(labels: Mapping[Any, Any]) -> dict[str, Any]:
    """Return labels of an enumeration by what is written down of its members."""
    return {member.value: label for member, label in labels.items()}
