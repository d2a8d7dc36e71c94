"""Whose records end when, and their removal; in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from training import audit
from training.accounts.models import Organisation, Person, RoleGrant
from training.accounts.services import PAGE, within
from training.clock import day_at
from training.erasure import Erasure, Lasting
from training.expiry.rule import NOTICE, Facts, removed_on
from training.missions.models import Deployment
from training.permissions import Permission, Viewer

BATCH = 200


@dataclass(frozen=True)
class Ending:
    """The day on which somebody's records are removed, None while that cannot be said."""

    day: date | None
    # That day, when it is written down already.
    written_down: date | None
    today: date

    @property
    def wanted(self) -> date | None:
        """Return what should be written down: a day that is near enough."""
        near = self.day is not None and self.day <= self.today + NOTICE
        return self.day if near else None


def endings(
    session: Session, ids: Sequence[int], erasures: Sequence[Erasure], *, at: datetime
) -> Mapping[int, Ending]:
    """Return when the records of people end; the page they see and the job both ask here."""
    query = select(Person, Organisation).join(Person.organisation).where(Person.id.in_(ids))
    people = session.execute(query.execution_options(populate_existing=True)).all()
    said = [each.lasting(session, ids) for each in erasures if each.lasting is not None]
    deployed, signed_in = _deployed(session, ids), _signed_in(session, ids)
    roles, result = _grants(session, ids), {}
    for person, home in people:
        today = day_at(at, home.time_zone)
        role = any(ends is None or ends >= today for ends in roles.get(person.id, ()))
        facts = Facts(
            years=home.keep_records_years,
            deployed_until=deployed.get(person.id),
            recorded_on=max(_recorded(person, home, said)),
            signed_in_on=signed_in.get(person.id),
            is_active=person.is_active,
            is_busy=role or any(person.id in each.going_on for each in said),
            written_down=person.remove_on,
        )
        result[person.id] = Ending(removed_on(facts, today), person.remove_on, today)
    return result


def _recorded(person: Person, home: Organisation, said: Iterable[Lasting]) -> Iterator[date]:
    yield day_at(person.left_at or person.created_at, home.time_zone)
    for each in said:
        if person.id in each.last_days:
            yield each.last_days[person.id]


def _deployed(session: Session, ids: Sequence[int]) -> dict[int, date]:
    query = select(Deployment.person_id, func.max(Deployment.ends_on))
    theirs = query.where(Deployment.person_id.in_(ids), Deployment.cancelled_at.is_(None))
    rows = session.execute(theirs.group_by("person_id"))
    return {person_id: last for person_id, last in rows if person_id is not None}


def _signed_in(session: Session, ids: Sequence[int]) -> dict[int, date]:
    # Also by a record that was merged into this one since.
    owner = func.coalesce(Person.merged_into_id, Person.id)
    query = select(owner, func.max(Person.last_signed_in_on)).group_by(owner)
    either = or_(Person.id.in_(ids), Person.merged_into_id.in_(ids))
    rows = session.execute(query.where(either))
    return {person_id: last for person_id, last in rows if last is not None}


def _grants(session: Session, ids: Sequence[int]) -> Mapping[int, list[date | None]]:
    found: dict[int, list[date | None]] = {}
    query = select(RoleGrant.person_id, RoleGrant.ends_on).where(RoleGrant.person_id.in_(ids))
    for person_id, ends_on in session.execute(query):
        found.setdefault(person_id, []).append(ends_on)
    return found


def write_down(
    session: Session, after: int, erasures: Sequence[Erasure], *, at: datetime
) -> int | None:
    """Write down for one batch of people whether their records end soon; return where to go on.

    `after` is the id of the last person looked at. Whoever is written down and has a reason to
    stay by now is taken off.
    """
    query = select(Person.id).where(
        Person.id > after, Person.removed_at.is_(None), Person.merged_into_id.is_(None)
    )
    ids = list(session.scalars(query.order_by(Person.id).limit(BATCH)))
    for person_id, ending in endings(session, ids, erasures, at=at).items():
        if ending.wanted != ending.written_down:
            change = update(Person).where(Person.id == person_id).values(remove_on=ending.wanted)
            session.execute(change.execution_options(synchronize_session=False))
    return ids[-1] if ids else None


def due(session: Session, *, at: datetime) -> list[int]:
    """Return the people whose day may have come; their removal looks once more."""
    today = day_at(at, "UTC")
    query = select(Person.id).where(
        Person.remove_on <= today, Person.removed_at.is_(None), Person.merged_into_id.is_(None)
    )
    return list(session.scalars(query.order_by(Person.id)))


def remove(session: Session, person_id: int, erasures: Sequence[Erasure], *, at: datetime) -> bool:
    """Remove the records of a person, and of records merged into theirs; False if it is not time.

    `erasures` come lowest feature first.
    """
    held = select(Person).where(Person.id == person_id).with_for_update()
    person = session.scalars(held.execution_options(populate_existing=True)).one()
    ending = endings(session, [person_id], erasures, at=at)[person_id]
    is_time = ending.day is not None and ending.day <= ending.today
    if person.removed_at or person.merged_into_id or not is_time:
        return False
    everybody = _with_merged(session, person_id)
    for hold in (each.hold for each in erasures if each.hold is not None):
        for one in everybody:
            hold(session, one)
    # Those merged into others go first, as they point at them.
    for one in reversed(everybody):
        for each in reversed(erasures):
            each.erase(session, one, at)
        audit.record(session, "person.removed", "person", one, actor_id=None, at=at)
    return True


def _with_merged(session: Session, person_id: int) -> list[int]:
    found, layer = [person_id], [person_id]
    while layer:
        query = select(Person.id).where(Person.merged_into_id.in_(layer)).order_by(Person.id)
        layer = list(session.scalars(query.with_for_update()))
        found += layer
    return found


def _ending(viewer: Viewer) -> Select[Person]:
    query = within(viewer, Permission.READ_RECORDS).where(Person.remove_on.is_not(None))
    return query.where(Person.merged_into_id.is_(None))


def counted(session: Session, viewer: Viewer) -> int:
    """Return how many people the viewer has on record who will be removed soon."""
    return session.scalar(select(func.count()).select_from(_ending(viewer).subquery())) or 0


def listed(session: Session, viewer: Viewer, after: int | None, *, at: datetime) -> list[Person]:
    """Return one page of them, the soonest first, and one more. The reading is written down."""
    query = _ending(viewer).options(joinedload(Person.unit))
    if after is not None:
        key = select(Person.remove_on).where(Person.id == after).scalar_subquery()
        query = query.where(tuple_(Person.remove_on, Person.id) > tuple_(key, after))
    found = list(session.scalars(query.order_by(Person.remove_on, Person.id).limit(PAGE + 1)))
    audit.record(session, "people_ending.listed", "people", None, actor_id=viewer.person_id, at=at)
    return found
