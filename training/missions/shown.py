"""How missions and what is on them are written on pages and in files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from training import i18n
from training.missions.labels import FRAMEWORKS, STATUSES, by_value
from training.missions.meanwhile import Both
from training.missions.models import Mission, MissionStatus

BADGES = {
    MissionStatus.PREPARED: "schedule",
    MissionStatus.OPEN: "ready",
    MissionStatus.CLOSED: "expired",
}


def heading(mission: Mission) -> dict[str, Any]:
    """Return what every list says of a mission."""
    return {
        "name": mission.name,
        "framework": FRAMEWORKS[mission.framework],
        "host_country": mission.host_country,
        "status": STATUSES[mission.status],
        "badge": BADGES[mission.status],
    }


def meanwhile(found: Sequence[Both], form: Any) -> list[dict[str, str]]:
    """Return both values of each field that two people changed."""
    return [
        {
            "label": form[b.field].label.text,
            "now": _said(b.field, b.now),
            "yours": _said(b.field, b.sent),
        }
        for b in found
    ]


def _said(field: str, value: str) -> str:
    if not value:
        return "\N{EN DASH}"
    if field.endswith("_on"):
        return i18n.day(date.fromisoformat(value))
    words = {"framework": by_value(FRAMEWORKS), "status": by_value(STATUSES)}
    return str(words.get(field, {}).get(value, value))
