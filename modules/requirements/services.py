"""The rules of an organisation: made, changed, retired. In the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, selectinload

from modules.catalogue.models import Course
from modules.requirements import rounds
from modules.requirements.models import Equivalent, Requirement
from modules.requirements.standard import STANDARD
from modules.requirements.validity import Span
from modules.requirements.values import KINDS, LISTS, PLAIN, Values, written
from training import audit
from training.accounts.models import Organisation
from training.errors import Invalid, NotFound
from training.missions.models import Mission
from training.permissions import Permission, Viewer


def within(viewer: Viewer) -> Select[Requirement]:
    """Return the query of the requirements which the viewer sets."""
    organisations = viewer.organisations(Permission.SET_REQUIREMENTS)
    query = select(Requirement).options(selectinload(Requirement.equivalents))
    if organisations is not None:
        query = query.where(Requirement.organisation_id.in_(organisations))
    return query


def listed(session: Session, viewer: Viewer) -> Sequence[Requirement]:
    """Return the rules in force of the viewer's own organisation, the oldest first."""
    query = within(viewer).where(
        Requirement.organisation_id == viewer.organisation_id, Requirement.retired_at.is_(None)
    )
    return session.scalars(query.order_by(Requirement.id)).all()


def get(
    session: Session, viewer: Viewer, requirement_id: int, *, lock: bool = False
) -> Requirement:
    """Return a rule in force. Raises `NotFound` for that of another organisation."""
    query = within(viewer).where(Requirement.id == requirement_id, Requirement.retired_at.is_(None))
    if lock:
        query = query.with_for_update(of=Requirement).execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("There is no such rule.")
    return found


def make(session: Session, viewer: Viewer, values: Values, *, at: datetime) -> Requirement:
    """Make a rule of the viewer's own organisation, and have everybody looked at for it.

    Raises `Invalid` for what cannot be asked, and `NotFound` where the viewer sets no rules.
    """
    return add(session, _own(viewer), values, viewer.person_id, at=at)


def _own(viewer: Viewer) -> int:
    organisations = viewer.organisations(Permission.SET_REQUIREMENTS)
    if organisations is not None and viewer.organisation_id not in organisations:
        raise NotFound("There is no such organisation.")
    return viewer.organisation_id


def add(
    session: Session, organisation_id: int, values: Values, by_id: int | None, *, at: datetime
) -> Requirement:
    """Make a rule of an organisation. Raises `Invalid` for what cannot be asked."""
    row = Requirement(organisation_id=organisation_id, equivalents=[], made_at=at, made_by_id=by_id)
    _fill(session, row, values)
    session.add(row)
    session.flush()
    _record(session, "requirement.made", row, by_id, at, after=written(row))
    rounds.ask_for_everybody(session, organisation_id)
    return row


def change(
    session: Session,
    viewer: Viewer,
    requirement_id: int,
    shown: Values,
    values: Values,
    *,
    at: datetime,
) -> Values | None:
    """Change a rule as it was shown; return what it says now when that is something else.

    Then nothing is changed. Raises `Invalid` for what cannot be asked.
    """
    row = get(session, viewer, requirement_id, lock=True)
    before = written(row)
    if before != shown:
        return before
    _fill(session, row, values)
    session.flush()
    after = written(row)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        old, new = ({name: each[name] for name in changed} for each in (before, after))
        _record(session, "requirement.changed", row, viewer.person_id, at, before=old, after=new)
        rounds.ask_for_everybody(session, row.organisation_id)
    return None


def retire(session: Session, viewer: Viewer, requirement_id: int, *, at: datetime) -> None:
    """Take a rule out of force; what it gave and nobody has begun ends."""
    row = get(session, viewer, requirement_id, lock=True)
    row.retired_at, row.retired_by_id = at, viewer.person_id
    _record(session, "requirement.retired", row, viewer.person_id, at, before=written(row))
    rounds.ask_for_everybody(session, row.organisation_id)


def take_standard(session: Session, viewer: Viewer, *, at: datetime) -> int:
    """Give the viewer's own organisation the standard rules, as `give_standard` does."""
    return give_standard(session, _own(viewer), viewer.person_id, at=at)


def give_standard(
    session: Session, organisation_id: int, by_id: int | None, *, at: datetime
) -> int:
    """Give an organisation without rules the standard ones; return how many it was given.

    What asks for a course that does not exist yet is left out.
    """
    # Pressing twice gives them once.
    home = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(home.with_for_update(key_share=True))
    there = exists().where(
        Requirement.organisation_id == organisation_id, Requirement.retired_at.is_(None)
    )
    if session.scalar(select(there)):
        return 0
    query = select(Course.slug, Course.id).where(Course.withdrawn_at.is_(None))
    courses: dict[str | None, int | None] = {slug: each for slug, each in session.execute(query)}  # noqa: C416
    courses[None] = None  # The mission module, of whichever mission.
    given = [rule for rule in STANDARD if rule["course"] in courses]
    for rule in given:
        values = {key: value for key, value in rule.items() if key != "course"}
        values |= {"course_id": courses[rule["course"]]}
        add(session, organisation_id, values, by_id, at=at)
    return len(given)


def _fill(session: Session, row: Requirement, values: Values) -> None:
    _refuse(session, row, values)
    for name in LISTS:
        setattr(row, name, sorted(values[name]))
    for name in PLAIN:
        setattr(row, name, values[name])
    row.span = Span(values["span"])
    row.equivalents = [
        Equivalent(
            course_id=subject if isinstance(subject, int) else None,
            external=subject if isinstance(subject, str) else None,
            max_age_days=age,
        )
        for subject, age in values["equivalents"]
    ]


def _refuse(session: Session, row: Requirement, values: Values) -> None:
    with session.no_autoflush:
        if values["mission_id"] and session.get(Mission, values["mission_id"]) is None:
            raise Invalid("mission_id", "There is no such mission.")
        course = session.get(Course, values["course_id"]) if values["course_id"] else None
        # What was withdrawn can stay in a rule, and cannot come into one.
        if values["course_id"] not in (None, row.course_id) and (
            course is None or course.withdrawn_at is not None
        ):
            raise Invalid("course", "There is no such course.")
        for subject, _age in values["equivalents"]:
            known = subject in KINDS or (
                isinstance(subject, int) and session.get(Course, subject) is not None
            )
            if not known or subject == values["course_id"]:
                raise Invalid("stand", "This cannot stand for what is asked.")


def _record(
    session: Session,
    action: str,
    row: Requirement,
    by_id: int | None,
    at: datetime,
    **detail: Any,
) -> None:
    audit.record(session, action, "requirement", row.id, actor_id=by_id, at=at, **detail)
