"""The rules that an organisation without any is offered. Data; `course` is the name of its folder.

What asks for a course that does not exist yet is left out.
"""

from typing import Any

EVERYBODY: dict[str, Any] = {
    "frameworks": [],
    "categories": [],
    "functions": [],
    "rank_bands": [],
    "mission_id": None,
    "component": None,
    "span": "start",
    "max_age_days": None,
    "due_days_before": 30,
    "waivable": True,
    "equivalents": [],
}
# An external certificate may be so old, where none is said to end.
YEARS_3 = 3 * 365
MISSION_MODULE_DAYS = 183

STANDARD: tuple[dict[str, Any], ...] = (
    EVERYBODY | {"course": "core", "equivalents": [["core", YEARS_3]]},
    # Conduct counts on the first day; what ends during the tour is refreshed.
    EVERYBODY | {"course": "core", "component": "conduct", "waivable": False},
    EVERYBODY | {"course": "military", "categories": ["military"]},
    EVERYBODY | {"course": "police", "categories": ["police"]},
    EVERYBODY | {"course": "civilian", "categories": ["civilian"]},
    EVERYBODY
    | {
        "course": "lead",
        "functions": ["decision_maker", "leadership"],
        "equivalents": [["lead", YEARS_3]],
    },
    EVERYBODY | {"course": "genad", "functions": ["genad"], "equivalents": [["genad", YEARS_3]]},
    EVERYBODY | {"course": "gfp", "functions": ["gfp"], "equivalents": [["gfp", YEARS_3]]},
    # None: the module of whichever mission somebody goes on.
    EVERYBODY | {"course": None, "max_age_days": MISSION_MODULE_DAYS, "due_days_before": 14},
)
