"""The requirements in force, as the pure rules take them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from modules.requirements.models import Requirement
from modules.requirements.rules import Who
from modules.requirements.validity import Accepted, Rule, Span, Subject


@dataclass(frozen=True)
class Asked:
    """What is asked of whom, and by when; free of the session."""

    requirement_id: int
    who: Who
    # None: the mission module of whichever mission somebody goes on.
    course_id: int | None
    component: str | None
    span: Span
    max_age_days: int | None
    due_days_before: int
    equivalents: tuple[Accepted, ...] = ()

    def rule(self, mission_modules: Mapping[int, int], mission_id: int) -> Rule | None:
        """Return what is judged for somebody on a mission; None while it has no mission module."""
        course_id = self.course_id or mission_modules.get(mission_id)
        if course_id is None:
            return None
        return Rule(
            self.requirement_id,
            (Accepted(course_id, self.max_age_days), *self.equivalents),
            component=self.component,
            span=self.span,
            per_deployment=self.course_id is None,
        )


def in_force(session: Session, organisation_ids: Iterable[int]) -> Mapping[int, list[Asked]]:
    """Return the requirements in force of these organisations. Two statements."""
    query = (
        select(Requirement)
        .where(
            Requirement.organisation_id.in_(set(organisation_ids)),
            Requirement.retired_at.is_(None),
        )
        .options(selectinload(Requirement.equivalents))
        .order_by(Requirement.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.organisation_id].append(of(row))
    return found


def of(row: Requirement) -> Asked:
    """Return a requirement, with its equivalents loaded, as the pure rules take it."""
    return Asked(
        row.id,
        who(row),
        row.course_id,
        row.component,
        row.span,
        row.max_age_days,
        row.due_days_before,
        _accepted(row),
    )


def who(row: Requirement) -> Who:
    """Return whom a requirement is about."""
    return Who(row.frameworks, row.mission_id, row.categories, row.functions, row.rank_bands)


def _accepted(row: Requirement) -> tuple[Accepted, ...]:
    subjects: Sequence[tuple[Subject | None, int | None]] = [
        (each.course_id or each.external, each.max_age_days) for each in row.equivalents
    ]
    return tuple(Accepted(subject, age) for subject, age in subjects if subject is not None)
