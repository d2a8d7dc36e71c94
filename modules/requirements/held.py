"""What people hold that may count on a deployment: completions, by whatever way they came."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.learning.models import Completion, ComponentValidity
from modules.requirements.validity import Held
from training.orm import table

_ASSIGNMENT, _COMPLETION, _COMPONENT = (
    table(model) for model in (Assignment, Completion, ComponentValidity)
)
_COMPLETED: Select[*tuple[Any, ...]] = (
    select(
        _COMPLETION.c.id,
        *_ASSIGNMENT.c["person_id", "course_id", "deployment_id"],
        *_COMPLETION.c["achieved_on", "valid_until"],
        _COMPONENT.c.component,
        _COMPONENT.c.valid_until.label("component_until"),
    )
    .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _COMPLETION.c.assignment_id)
    .outerjoin(_COMPONENT, _COMPONENT.c.completion_id == _COMPLETION.c.id)
    .where(_COMPLETION.c.annulled_on.is_(None))
)


def of_people(
    session: Session, person_ids: Select[int] | Sequence[int]
) -> Mapping[int, list[Held]]:
    """Return what each of these people holds; `person_ids` may be a query. One statement."""
    components: dict[int, dict[str, date]] = defaultdict(dict)
    found: dict[int, tuple[int, Held]] = {}
    for row in session.execute(_COMPLETED.where(_ASSIGNMENT.c.person_id.in_(person_ids))):
        if row.id not in found:
            found[row.id] = (
                row.person_id,
                Held(
                    row.course_id,
                    row.achieved_on,
                    row.valid_until,
                    components[row.id],
                    row.deployment_id,
                ),
            )
        if row.component is not None:
            components[row.id][row.component] = row.component_until
    held: dict[int, list[Held]] = defaultdict(list)
    for person_id, each in found.values():
        held[person_id].append(each)
    return held
