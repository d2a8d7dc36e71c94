"""Who completed what when: one list, filtered, for the page and for its exports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Withdrawal
from certificates.register.newer import has_newer
from certificates.register.state import State, judge
from modules.assignments.models import Assignment
from modules.catalogue.models import CourseVersion
from modules.learning.models import Completion
from training import audit
from training.accounts.models import Person, Unit
from training.accounts.unit_tree import under, units_within
from training.clock import day_at
from training.permissions import Permission, Viewer

PAGE = 50
AT_ONCE = 2000
READ = Permission.READ_RECORDS


@dataclass(frozen=True)
class Filter:
    """Which completions are meant; what is None is not asked."""

    course_id: int | None = None
    first: date | None = None
    last: date | None = None
    unit_id: int | None = None


class Line(NamedTuple):
    """One completion as it is listed and exported."""

    id: int
    person_id: int
    name: str
    personnel_number: str | None
    unit: str | None
    course_id: int
    version: str
    cycle: int
    achieved_on: date
    recorded_on: date
    valid_until: date
    number: str | None
    state: State | None


_NEWER = has_newer()
_ALL: Select[*tuple[Any, ...]] = (
    select(
        Completion.id,
        Person.id,
        Person.printed_name,
        Person.personnel_number,
        Unit.name,
        Assignment.course_id,
        CourseVersion.major,
        CourseVersion.minor,
        CourseVersion.patch,
        Assignment.cycle,
        Completion.achieved_on,
        Completion.recorded_at,
        Completion.valid_until,
        Completion.annulled_on,
        Certificate.number,
        Certificate.issued_at.is_not(None),
        Withdrawal.id,
        Withdrawal.replaced_by_id,
        _NEWER,
    )
    .join(Assignment, Assignment.id == Completion.assignment_id)
    .join(Person, Person.id == Assignment.person_id)
    .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
    .outerjoin(Unit, Unit.id == Person.unit_id)
    .outerjoin(Certificate, Certificate.completion_id == Completion.id)
    .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
    .order_by(Completion.achieved_on.desc(), Completion.id.desc())
)


def _chosen(session: Session, viewer: Viewer, wanted: Filter) -> Select[*tuple[Any, ...]]:
    query = _ALL
    organisations = viewer.organisations(READ)
    if organisations is not None:
        query = query.where(Person.organisation_id.in_(organisations))
    if wanted.course_id is not None:
        query = query.where(Assignment.course_id == wanted.course_id)
    if wanted.first is not None:
        query = query.where(Completion.achieved_on >= wanted.first)
    if wanted.last is not None:
        query = query.where(Completion.achieved_on <= wanted.last)
    if wanted.unit_id is not None:
        units = units_within(session, viewer, READ)
        query = query.where(Person.unit_id.in_(under(units, wanted.unit_id)))
    return query


def page(
    session: Session,
    viewer: Viewer,
    wanted: Filter,
    after: int | None,
    *,
    today: date,
    zone: str,
    at: datetime,
) -> list[Line]:
    """Return one page, newest first, and one more when there is a next page."""
    query = _chosen(session, viewer, wanted)
    if after is not None:
        key = select(Completion.achieved_on).where(Completion.id == after).scalar_subquery()
        query = query.where(tuple_(Completion.achieved_on, Completion.id) < tuple_(key, after))
    found = list(_lines(session, query.limit(PAGE + 1), today, zone))
    _record(session, viewer, "completions.listed", wanted, at, rows=min(len(found), PAGE))
    return found


def export(
    session: Session,
    viewer: Viewer,
    wanted: Filter,
    *,
    today: date,
    zone: str,
) -> Iterator[Line]:
    """Return every line, a batch at a time; the caller records the export."""
    query = _chosen(session, viewer, wanted)
    return _lines(session, query.execution_options(yield_per=AT_ONCE), today, zone)


def record_export(
    session: Session, viewer: Viewer, wanted: Filter, form: str, *, at: datetime
) -> None:
    """Write down that a list is exported, before it is."""
    _record(session, viewer, "completions.exported", wanted, at, form=form)


def _record(
    session: Session,
    viewer: Viewer,
    action: str,
    wanted: Filter,
    at: datetime,
    **detail: object,
) -> None:
    audit.record(
        session,
        action,
        "course",
        wanted.course_id,
        actor_id=viewer.person_id,
        at=at,
        first=wanted.first.isoformat() if wanted.first else None,
        last=wanted.last.isoformat() if wanted.last else None,
        unit=wanted.unit_id,
        **detail,
    )


def _lines(
    session: Session, query: Select[*tuple[Any, ...]], today: date, zone: str
) -> Iterator[Line]:
    for row in session.execute(query):
        (
            completion_id, person_id, name, personnel_number, unit, course_id,
            major, minor, patch, cycle, achieved_on, recorded_at, valid_until,
            annulled_on, number, issued, withdrawal_id, replaced_by_id, newer,
        ) = row  # fmt: skip
        state = None
        if number is not None:
            state = judge(
                withdrawn=withdrawal_id is not None or annulled_on is not None,
                replaced=replaced_by_id is not None,
                issued=issued,
                first=achieved_on,
                last=valid_until,
                day=today,
                newer=newer,
            )
        yield Line(
            completion_id, person_id, name, personnel_number, unit, course_id,
            f"{major}.{minor}.{patch}", cycle, achieved_on,
            day_at(recorded_at, zone), valid_until, number, state,
        )  # fmt: skip


def cells(line: Line, titles: Mapping[int, str], labels: Mapping[State, str]) -> tuple[Any, ...]:
    """Return a line as the cells of an export, in the order of its header."""
    return (
        line.name,
        line.personnel_number,
        line.unit,
        titles[line.course_id],
        line.version,
        line.cycle,
        line.achieved_on,
        line.recorded_on,
        line.valid_until,
        line.number,
        labels[line.state] if line.state else None,
    )
