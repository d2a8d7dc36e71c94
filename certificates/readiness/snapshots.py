"""How many people stood how on each day: written down once a day, in the caller's transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.readiness.judging import State
from certificates.readiness.models import Snapshot
from certificates.readiness.reading import SEE, Wanted
from certificates.readiness.services import readiness
from training.accounts.models import Organisation
from training.clock import day_at
from training.missions.models import Deployment
from training.orm import insert_once
from training.permissions import Grant, Role, Viewer

KEYS = {state: state.name.lower() for state in State}
SHOWN = timedelta(days=60)


def due(session: Session, *, at: datetime) -> list[tuple[int, date]]:
    """Return the organisations of which today is not written down yet, each with its today."""
    last = (
        select(func.max(Snapshot.day))
        .where(Snapshot.organisation_id == Organisation.id)
        .scalar_subquery()
    )
    going = (
        select(func.max(Deployment.ends_on))
        .where(
            Deployment.organisation_id == Organisation.id,
            Deployment.person_id.is_not(None),
            Deployment.cancelled_at.is_(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(select(Organisation.id, Organisation.time_zone, last, going))
    found = []
    for organisation_id, zone, before, until in rows:
        today = day_at(at, zone)
        if until is not None and until >= today and (before is None or before < today):
            found.append((organisation_id, today))
    return found


def write(session: Session, organisation_id: int, day: date) -> None:
    """Write down how many people of each mission stand how; a second time changes nothing.

    Every state is written, also of nobody, so that two workers never mix what they counted.
    """
    everywhere = Viewer(0, organisation_id, (Grant(Role.TRAINER, organisation_id),))
    counts: dict[int, Counter[State]] = defaultdict(Counter)
    for each in readiness(session, everywhere, Wanted(), day).people:
        counts[each.going.mission_id][each.state] += 1
    rows = [
        {
            "day": day,
            "organisation_id": organisation_id,
            "mission_id": mission_id,
            "state": key,
            "people": found[state],
        }
        for mission_id, found in sorted(counts.items())
        for state, key in KEYS.items()
    ]
    if rows:
        session.execute(insert_once(session, Snapshot).values(rows))


def development(
    session: Session, viewer: Viewer, mission_id: int, until: date
) -> Sequence[tuple[date, Mapping[State, int]]]:
    """Return the counts of the last sixty days, the newest first, as far as one sees them whole."""
    query = select(Snapshot.day, Snapshot.state, func.sum(Snapshot.people)).where(
        Snapshot.day > until - SHOWN, Snapshot.day <= until
    )
    organisations = viewer.organisations(SEE)
    if organisations is not None:
        query = query.where(Snapshot.organisation_id.in_(organisations))
    if mission_id:
        query = query.where(Snapshot.mission_id == mission_id)
    query = query.group_by(Snapshot.day, Snapshot.state).order_by(Snapshot.day.desc())
    states = {key: state for state, key in KEYS.items()}
    days: dict[date, dict[State, int]] = {}
    for day, key, people in session.execute(query):
        days.setdefault(day, dict.fromkeys(State, 0))[states[key]] = people
    return list(days.items())
