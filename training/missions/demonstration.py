"""The invented mission of the demonstration, and who goes on it when."""

from datetime import datetime, timedelta

from training import db, signals
from training.accounts import demonstration
from training.clock import day_at
from training.missions.models import Deployment, Framework, Mission

CHECKED_BEFORE = timedelta(days=12)
TOUR = timedelta(days=182)


def demonstrate(now: datetime) -> None:
    """Make the mission in Tarsa and deploy everybody of the roster on it."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "missions", at=now):
            return
        mission = _mission(now)
        session.add(mission)
        session.flush()
        for someone, person in demonstration.people(session):
            mission.lead_id = mission.lead_id or person.organisation_id
            today = day_at(now, person.organisation.time_zone)
            starts_on = today + timedelta(days=someone.departs_in)
            deployment = Deployment(
                organisation_id=person.organisation_id,
                unit_id=person.unit_id,
                person_id=person.id,
                mission_id=mission.id,
                category=person.category,
                starts_on=starts_on,
                ends_on=starts_on + TOUR,
            )
            session.add(deployment)
            session.flush()
            signals.deployment_changed.send(session, deployment_id=deployment.id, at=now)


def _mission(now: datetime) -> Mission:
    checked_on = (now - CHECKED_BEFORE).date()
    return Mission(
        name="UN Support Mission in the Republic of Tarsa (demonstration)",
        framework=Framework.UN,
        host_country="Republic of Tarsa",
        conduct_inside="Conduct and discipline focal point of your team site, "
        "extension 4410 (example)",
        conduct_outside="Mission conduct hotline, outside the chain of command, day and night, "
        "+000 555 0410 (example)",
        referral="Victims' rights officer, +000 555 0411; mission hospital, +000 555 0412; "
        "child protection adviser, +000 555 0413 (examples)",
        gender_adviser="Senior gender adviser, office of the head of mission, "
        "+000 555 0414 (example)",
        hand_over="Human rights component of the mission, duty officer day and night, "
        "+000 555 0415 (example)",
        action_plan="Second national action plan of Tarsa on women, peace and security; "
        "ministry of social affairs (example)",
        conduct_checked_on=checked_on,
        referral_checked_on=checked_on,
        adviser_checked_on=checked_on,
        hand_over_checked_on=checked_on,
        action_plan_checked_on=checked_on,
    )
