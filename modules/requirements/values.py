"""What a requirement says, as plain values: shown in a form, recorded, compared."""

from collections.abc import Mapping
from typing import Any

from modules.requirements.asked import Asked
from modules.requirements.models import Requirement
from modules.requirements.rules import Who
from modules.requirements.validity import Accepted, Span

# The kinds of certificate from elsewhere that may stand for a course.
KINDS = ("core", "lead", "genad", "gfp", "conduct")
LISTS = ("frameworks", "categories", "functions", "rank_bands")
PLAIN = ("mission_id", "course_id", "component", "max_age_days", "due_days_before", "waivable")
Values = Mapping[str, Any]


def written(row: Requirement) -> dict[str, Any]:
    """Return what a requirement says, with its equivalents loaded."""
    values: dict[str, Any] = {name: sorted(getattr(row, name)) for name in LISTS}
    values |= {name: getattr(row, name) for name in PLAIN}
    values["span"] = row.span.value
    values["equivalents"] = [[e.course_id or e.external, e.max_age_days] for e in row.equivalents]
    return values


def asked(values: Values, requirement_id: int = 0) -> Asked:
    """Return these values as the pure rules take them."""
    return Asked(
        requirement_id,
        Who(
            values["frameworks"],
            values["mission_id"],
            values["categories"],
            values["functions"],
            values["rank_bands"],
        ),
        values["course_id"],
        values["component"],
        Span(values["span"]),
        values["max_age_days"],
        values["due_days_before"],
        tuple(Accepted(subject, age) for subject, age in values["equivalents"]),
    )
