"""Opening a test again after a talk. Each function runs inside the caller's transaction."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from modules.assignments.models import Assignment
from modules.assignments.services import own
from modules.catalogue.published import PublishedObjective
from modules.catalogue.services import published
from quizzes.attempts.escalation import goes_to_hr_at
from quizzes.attempts.models import Attempt, Item, Response, Unlock
from quizzes.attempts.sheets import MOST_ATTEMPTS, NEWEST, Standing, standings
from quizzes.bank.services import bank_of
from training import audit
from training.accounts.models import Organisation, Person, RoleGrant
from training.accounts.services import within
from training.errors import DomainError, Forbidden, NotFound
from training.permissions import Permission, Role, Viewer

MOST_SHOWN = 100


class NotStuck(DomainError):
    """The test needs no unlock, or not any more."""


class Request(NamedTuple):
    """Somebody who asked for a talk, and when HR is to see it as well."""

    assignment: Assignment
    asked_at: datetime
    goes_to_hr_at: datetime


@dataclass(frozen=True)
class Missed:
    """How often the questions of an objective were missed, of how many that were asked."""

    objective: PublishedObjective
    missed: int
    asked: int


def ask(session: Session, person_id: int, assignment_id: int, *, at: datetime) -> Attempt:
    """Ask for one's own test to be unlocked; asking again changes nothing.

    Raises `NotStuck` while there are attempts left.
    """
    own(session, person_id, assignment_id, lock=True)
    standing, last = _stuck(session, assignment_id)
    if standing.asked_at is None:
        number = standing.unlocks + 1
        session.add(Unlock(assignment_id=assignment_id, number=number, asked_at=at))
        _record(session, "unlock.asked", assignment_id, person_id, at)
    return last


def unlock(
    session: Session, viewer: Viewer, assignment_id: int, note: str, *, at: datetime
) -> None:
    """Open three more attempts after a talk; by the same trainer twice it is done once.

    Raises `NotFound` out of scope, `Forbidden` for one's own test, and `NotStuck` when there
    is nothing to unlock, also because a colleague was quicker.
    """
    _in_scope(session, viewer, assignment_id, at=at, lock=True)
    standing = standings(session, [assignment_id])[assignment_id]
    if not standing.is_stuck:
        if _last_unlocker(session, assignment_id) == viewer.person_id:
            return
        raise NotStuck("This test is open: there are attempts left, or a colleague unlocked it.")
    number = standing.unlocks + 1
    query = select(Unlock).where(Unlock.assignment_id == assignment_id, Unlock.number == number)
    row = session.scalars(query).first() or Unlock(assignment_id=assignment_id, number=number)
    row.unlocked_at, row.unlocked_by_id, row.note = at, viewer.person_id, note
    session.add(row)
    _record(session, "unlock.granted", assignment_id, viewer.person_id, at)


def subject(session: Session, viewer: Viewer, assignment_id: int, *, at: datetime) -> Assignment:
    """Return the assignment whose test the viewer may unlock, with its person.

    Raises as `unlock` does.
    """
    found = _in_scope(session, viewer, assignment_id, at=at, lock=False)
    _stuck(session, assignment_id)
    return found


def requests(session: Session, viewer: Viewer, *, at: datetime) -> list[Request]:
    """Return who waits for a talk with the viewer, the longest first.

    HR sees what no trainer has answered for a working day.
    """
    people = within(viewer, Permission.UNLOCK).with_only_columns(Person.id)
    rows = session.execute(
        select(Assignment, Unlock.asked_at, Organisation.time_zone)
        .join(Unlock, Unlock.assignment_id == Assignment.id)
        .join(Person, Person.id == Assignment.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Unlock.asked_at.is_not(None), Unlock.unlocked_at.is_(None))
        .where(Person.id.in_(people), Person.id != viewer.person_id, Person.is_active)
        .options(joinedload(Assignment.person).joinedload(Person.unit))
        .order_by(Unlock.asked_at, Unlock.id)
        .limit(MOST_SHOWN)
    )
    found = [
        Request(a, asked_at, goes_to_hr_at(asked_at, zone))
        for a, asked_at, zone in rows
        if asked_at
    ]
    return [r for r in found if _concerns(viewer, r.assignment.person, r.goes_to_hr_at, at)]


def missed(session: Session, assignment_id: int) -> list[Missed]:
    """Return which objectives were missed over the last three attempts, the worst first."""
    every = aliased(Attempt)
    last = select(func.max(every.number)).where(every.assignment_id == assignment_id)
    rows = session.execute(
        select(Attempt.course_version_id, Item.question_version_id, Response.chosen)
        .join(Item, Item.attempt_id == Attempt.id)
        .outerjoin(Response, Response.id == NEWEST)
        .where(Attempt.assignment_id == assignment_id)
        .where(Attempt.number > last.scalar_subquery() - MOST_ATTEMPTS)
        .order_by(Attempt.number)
    ).all()
    asked, wrong = Counter[str](), Counter[str]()
    for version_id, question_id, chosen in rows:
        question = next(q for q in bank_of(session, version_id) if q.id == question_id)
        asked[question.objective] += 1
        wrong[question.objective] += frozenset(chosen or ()) != question.right
    objectives = published(session, rows[-1][0]).objectives if rows else ()
    found = [Missed(o, wrong[o.code], asked[o.code]) for o in objectives if wrong[o.code]]
    return sorted(found, key=lambda m: -m.missed / m.asked)


def holders(session: Session, viewer: Viewer, on: date) -> tuple[list[str], list[str]]:
    """Return the names of the trainers who can unlock the viewer's test, and those of HR."""
    rows = session.execute(
        select(RoleGrant.role, Person.printed_name)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_([Role.TRAINER, Role.HR]),
            RoleGrant.organisation_id == viewer.organisation_id,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
            Person.is_active,
            Person.id != viewer.person_id,
        )
        .order_by(Person.sort_name)
    ).all()
    of = {role: [name for held, name in rows if held is role] for role in (Role.TRAINER, Role.HR)}
    return of[Role.TRAINER], of[Role.HR]


def _stuck(session: Session, assignment_id: int) -> tuple[Standing, Attempt]:
    standing = standings(session, [assignment_id])[assignment_id]
    if standing.last is None or not standing.is_stuck:
        raise NotStuck("This test is open: there are attempts left.")
    return standing, standing.last


def _in_scope(
    session: Session, viewer: Viewer, assignment_id: int, *, at: datetime, lock: bool
) -> Assignment:
    people = within(viewer, Permission.UNLOCK).with_only_columns(Person.id)
    query = (
        select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.person_id.in_(people))
        .options(joinedload(Assignment.person).joinedload(Person.organisation))
    )
    if lock:
        query = query.with_for_update(of=Assignment)
    found = session.scalars(query).first()
    if found is None or not _reaches(session, viewer, found, at):
        raise NotFound("There is nothing here for you to unlock.")
    if found.person_id == viewer.person_id:
        raise Forbidden("You cannot unlock your own test. Ask another trainer.")
    return found


def _reaches(session: Session, viewer: Viewer, found: Assignment, at: datetime) -> bool:
    """Tell whether it is the viewer's to unlock: a trainer's always, HR's after a working day."""
    query = select(Unlock).where(Unlock.assignment_id == found.id)
    last = session.scalars(query.order_by(Unlock.number.desc()).limit(1)).first()
    open_ = last is not None and last.unlocked_by_id in {None, viewer.person_id}
    asked_at = (last.asked_at if last and open_ else None) or at
    zone = found.person.organisation.time_zone
    return _concerns(viewer, found.person, goes_to_hr_at(asked_at, zone), at)


def _concerns(viewer: Viewer, person: Person, escalates_at: datetime, at: datetime) -> bool:
    trained = viewer.organisations(Permission.ASSIGN)
    return trained is None or person.organisation_id in trained or escalates_at <= at


def _last_unlocker(session: Session, assignment_id: int) -> int | None:
    query = select(Unlock.unlocked_by_id).where(Unlock.assignment_id == assignment_id)
    return session.scalar(query.order_by(Unlock.number.desc()).limit(1))


def _record(session: Session, action: str, assignment_id: int, actor_id: int, at: datetime) -> None:
    audit.record(session, action, "assignment", assignment_id, actor_id=actor_id, at=at)
