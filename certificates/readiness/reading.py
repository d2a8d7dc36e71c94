"""What readiness is judged from, each in one statement for any number of deployments."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from certificates.readiness.assessing import Exemption, Going, Module, Required
from certificates.readiness.models import Waiver
from modules.catalogue.models import Course
from modules.catalogue.taught import newest_version_of
from modules.requirements.models import Equivalent, Requirement
from modules.requirements.rules import Post, Who
from modules.requirements.validity import Accepted
from training.accounts.models import Person, Unit
from training.accounts.unit_tree import below
from training.missions.models import Deployment, Mission, MissionStatus
from training.orm import table
from training.permissions import Permission, Viewer

SEE = Permission.SEE_READINESS


@dataclass(frozen=True)
class Wanted:
    """Which deployments are asked for; nought narrows nothing."""

    mission_id: int = 0
    rotation_id: int = 0
    unit_id: int = 0
    deployment_id: int = 0


def within(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition of the deployments that a viewer may see.

    They are those of the organisations as a whole, and those of the units that they command.
    """
    organisations, units = viewer.organisations(SEE), viewer.units(SEE)
    if organisations is None:
        return true()
    theirs = Deployment.organisation_id.in_(organisations)
    return or_(theirs, Deployment.unit_id.in_(below(units))) if units else theirs


def chosen(viewer: Viewer, wanted: Wanted, day: date) -> ColumnElement[bool]:
    """Return the condition of those that are asked for, and not over before a day."""
    conditions = [within(viewer), Deployment.cancelled_at.is_(None)]
    if wanted.deployment_id:
        return and_(*conditions, Deployment.id == wanted.deployment_id)
    conditions.append(Deployment.ends_on >= day)
    if wanted.mission_id:
        conditions.append(Deployment.mission_id == wanted.mission_id)
    if wanted.rotation_id:
        conditions.append(Deployment.rotation_id == wanted.rotation_id)
    if wanted.unit_id:
        conditions.append(Deployment.unit_id.in_(below([wanted.unit_id])))
    return and_(*conditions)


_D, _P, _U, _M, _C, _W = (
    table(model) for model in (Deployment, Person, Unit, Mission, Course, Waiver)
)
_NOT_OVER = and_(_W.c.deployment_id == _D.c.id, _W.c.refused_at.is_(None), _W.c.ended_at.is_(None))
_DEPLOYMENTS: Select[*tuple[Any, ...]] = (
    select(
        # What `Going` begins with, in its order.
        *_D.c["id", "organisation_id", "person_id"],
        func.coalesce(_P.c.printed_name, ""),
        func.coalesce(_P.c.sort_name, ""),
        func.coalesce(_P.c.user_name, ""),
        _U.c.name,
        _D.c.mission_id,
        _M.c.name,
        *_D.c["starts_on", "ends_on"],
        # What makes a `Post`, as it is written down: values of it would take longer than all else.
        type_coerce(_M.c.framework, String),
        _D.c.mission_id.label("of"),
        type_coerce(_D.c.category, String),
        cast(_D.c.functions, String),
        type_coerce(_P.c.rank_band, String),
        _C.c.id,
        newest_version_of(Course.id),
        *_W.c["id", "requirement_id", "ends_on", "granted_at"],
    )
    .select_from(_D)
    .join(_M, _M.c.id == _D.c.mission_id)
    .outerjoin(_P, _P.c.id == _D.c.person_id)
    .outerjoin(_U, _U.c.id == _D.c.unit_id)
    .outerjoin(_C, _C.c.mission_id == _D.c.mission_id)
    .outerjoin(_W, _NOT_OVER)
    # Nobody can fill what is left of a closed mission.
    .where(or_(_D.c.person_id.is_not(None), _M.c.status != MissionStatus.CLOSED))
    .order_by(_D.c.id)
)


def going(session: Session, condition: ColumnElement[bool]) -> list[Going]:
    """Return who goes, and which posts are vacant."""
    found: dict[int, Going] = {}
    waivers: dict[int, dict[int, Exemption]] = defaultdict(dict)
    posts: dict[tuple[str, int, str, str, str | None], Post] = {}
    for row in session.execute(_DEPLOYMENTS.where(condition)):
        # Taken apart at once: asking a row for a name takes as long as all of this.
        *who, framework, mission, category, functions, band = row[:-6]
        course_id, version_id, waiver_id, requirement_id, until, granted_at = row[-6:]
        number = who[0]
        if number not in found:
            key = (framework, mission, category, functions, band)
            post = posts.get(key) or posts.setdefault(key, _post(*key))
            module = Module(course_id, version_id)
            found[number] = Going._make([*who, post, module, waivers[number]])
        if waiver_id is not None:
            waiver = Exemption(waiver_id, until, granted_at is not None)
            waivers[number][requirement_id] = waiver
    return list(found.values())


def _post(framework: str, mission_id: int, category: str, functions: str, band: str | None) -> Post:
    return Post(framework, mission_id, category, tuple(json.loads(functions)), band)


_REQUIREMENTS: Select[*tuple[Any, ...]] = (
    select(
        *Requirement.__table__.c,
        newest_version_of(Requirement.course_id).label("version_id"),  # type: ignore[arg-type]
        Equivalent.course_id.label("other_id"),
        Equivalent.external,
        Equivalent.max_age_days.label("other_age"),
    )
    .outerjoin(Equivalent, Equivalent.requirement_id == Requirement.id)
    .where(Requirement.retired_at.is_(None))
    .order_by(Requirement.id, Equivalent.id)
)


def required(session: Session, organisation_ids: Collection[int]) -> list[Required]:
    """Return the requirements of these organisations that are in force, the oldest first."""
    rows: dict[int, list[Any]] = defaultdict(list)
    query = _REQUIREMENTS.where(Requirement.organisation_id.in_(organisation_ids))
    for row in session.execute(query):
        rows[row.id].append(row)
    return [_required(same) for same in rows.values()]


def _required(rows: list[Any]) -> Required:
    row = rows[0]
    others = [(r.other_id if r.external is None else r.external, r.other_age) for r in rows]
    return Required(
        id=row.id,
        organisation_id=row.organisation_id,
        who=Who(row.frameworks, row.mission_id, row.categories, row.functions, row.rank_bands),
        course_id=row.course_id,
        version_id=row.version_id,
        component=row.component,
        span=row.span,
        max_age_days=row.max_age_days,
        waivable=row.waivable,
        stand_in=tuple(Accepted(subject, age) for subject, age in others if subject is not None),
    )
