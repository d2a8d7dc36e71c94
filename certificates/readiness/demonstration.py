"""What the demonstration shows of readiness: every state, a waiver of each kind, and two weeks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.readiness import snapshots, waivers
from certificates.readiness.assessing import Assessed, Finding
from certificates.readiness.judging import State
from certificates.readiness.reading import Wanted
from certificates.readiness.services import readiness
from training import db
from training.accounts import demonstration
from training.accounts.models import Organisation
from training.clock import day_at
from training.missions import deployments
from training.permissions import Role, Viewer

COUNTED = 14  # Days before today.
WAIVED_FOR = timedelta(days=30)
LEFT_BEFORE = timedelta(days=4)


def demonstrate(now: datetime) -> None:
    """Waive some of what is required, and count the last two weeks."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "readiness", at=now):
            return
        trainers = demonstration.holders(session, Role.TRAINER)
        checkers = demonstration.holders(session, Role.HR)
        zones = session.execute(select(Organisation.id, Organisation.time_zone))
        for home, zone in zones.all():
            if home not in trainers:
                continue
            today = day_at(now, zone)
            _leave(session, trainers[home], today, now)
            _waive(session, trainers[home], checkers[home], today, now)
            for days in range(COUNTED, 0, -1):
                snapshots.write(session, home, today - timedelta(days=days))


def _leave(session: Session, trainer: Viewer, today: date, now: datetime) -> None:
    """Let the one who is furthest from being ready have left already."""
    people = _unready(session, trainer, today)
    if not people:
        return
    last = max(people, key=lambda each: (each.going.starts_on, each.going.deployment_id))
    starts_on = today - LEFT_BEFORE
    values = {"starts_on": starts_on, "ends_on": last.going.ends_on}
    reason = "Left early with the advance party."
    deployments.change(session, trainer, last.going.deployment_id, values, reason, at=now)


def _waive(session: Session, trainer: Viewer, checker: Viewer, today: date, now: datetime) -> None:
    """Grant what the first who leaves lacks, and ask the same for the next."""
    soonest = sorted(_unready(session, trainer, today), key=lambda each: each.going.starts_on)
    leaving = [each for each in soonest if each.going.starts_on > today]
    for each, granted in zip(leaving, (True, False), strict=False):
        for finding in _lacking(each):
            values = {
                "reason": "Called up at short notice; does the training in the first month.",
                "authority": "Head of operations",
                "ends_on": min(each.going.starts_on + WAIVED_FOR, each.going.ends_on),
            }
            number = each.going.deployment_id, finding.required.id
            made = waivers.ask(session, trainer, *number, values, today=today, at=now)
            if granted and checker.person_id != trainer.person_id:
                waivers.grant(session, checker, made.id, today=today, at=now)


def _unready(session: Session, viewer: Viewer, today: date) -> Sequence[Assessed]:
    """Return those who have begun nothing of what they lack, all of which may be waived."""
    people = readiness(session, viewer, Wanted(), today).people
    return [
        each
        for each in people
        if each.state < State.WAIVED
        and each.going.person_id != viewer.person_id
        and all(finding.required.waivable for finding in _lacking(each))
    ]


def _lacking(each: Assessed) -> list[Finding]:
    return [f for f in each.findings if f.counts and not f.verdict.trained]
