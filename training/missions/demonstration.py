"""The invented missions of the demonstration, and who goes on the open one when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from training import db
from training.accounts import demonstration
from training.accounts.invented import Invented
from training.accounts.models import Person
from training.clock import day_at
from training.missions import deployments, planning, rotations
from training.missions.models import Framework, Function, Mission, MissionStatus, Rotation
from training.permissions import Role, Viewer

CHECKED_BEFORE = timedelta(days=12)
TOUR = timedelta(days=182)
Going = Sequence[tuple[Invented, Person]]
# Who leaves later goes with the second rotation.
FIRST_ROTATION = 60
FUNCTIONS: Mapping[str, tuple[Function, ...]] = {
    "Hendrik op den Camp": (Function.LEADERSHIP, Function.DECISION_MAKER),
    "Fenna ten Brinke": (Function.LEADERSHIP,),
    "Olivier Lefèvre": (Function.LEADERSHIP, Function.DECISION_MAKER),
    "Nikolaos Vasileiou": (Function.LEADERSHIP, Function.COMMUNITY_FACING),
    "Samira El Idrissi": (Function.COMMUNITY_FACING,),
    "Ilse Lindqvist": (Function.COMMUNITY_FACING,),
    "Thandiwe Nkosi": (Function.COMMUNITY_FACING,),
    "Noa Ben-David": (Function.GENDER_ADVISER,),
    "Aoife Ní Bhriain": (Function.GENDER_FOCAL_POINT,),
    "Eleni Papadopoulou": (Function.GENDER_FOCAL_POINT, Function.COMMUNITY_FACING),
}
BROUGHT_FORWARD, DAYS = "Lotte in 't Veld", timedelta(days=11)
REASON = "The mission needs this post filled earlier, so the departure was brought forward."
UNFILLED, VACANT_POST = "Sjoerd Hoekstra", "Ambulance driver"
TARSA: Mapping[str, Any] = {
    "name": "UN Support Mission in the Republic of Tarsa (demonstration)",
    "framework": Framework.UN,
    "host_country": "Republic of Tarsa",
    "status": MissionStatus.OPEN,
    "conduct_inside": "Conduct and discipline focal point of your team site, "
    "extension 4410 (example)",
    "conduct_outside": "Mission conduct hotline, outside the chain of command, day and night, "
    "+000 555 0410 (example)",
    "referral": "Victims' rights officer, +000 555 0411; mission hospital, +000 555 0412; "
    "child protection adviser, +000 555 0413 (examples)",
    "gender_adviser": "Senior gender adviser, office of the head of mission, "
    "+000 555 0414 (example)",
    "hand_over": "Human rights component of the mission, duty officer day and night, "
    "+000 555 0415 (example)",
    "action_plan": "Second national action plan of Tarsa on women, peace and security; "
    "ministry of social affairs (example)",
}


def demonstrate(now: datetime) -> None:
    """Make the missions, and deploy everybody of the roster on the one in Tarsa."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "missions", at=now):
            return
        viewers, going = demonstration.holders(session, Role.TRAINER), demonstration.people(session)
        lead = viewers[going[0][1].organisation_id]
        mission = _missions(session, lead, now)
        found = _rotations(session, lead, mission, going, now)
        for someone, person in going:
            viewer = viewers[person.organisation_id]
            _deploy(session, viewer, mission, found[_late(someone)], someone, person, now)


def _late(someone: Invented) -> bool:
    return someone.departs_in > FIRST_ROTATION


def _deploy(
    session: Session,
    viewer: Viewer,
    mission: Mission,
    rotation: Rotation,
    someone: Invented,
    person: Person,
    now: datetime,
) -> None:
    home, starts_on = person.organisation_id, _first_day(someone, person, now)
    values: dict[str, Any] = {
        "person_id": person.id,
        "unit_id": person.unit_id,
        "category": person.category,
        "rotation_id": rotation.id,
        "functions": [one.value for one in FUNCTIONS.get(someone.printed_name, ())],
        "starts_on": starts_on,
        "ends_on": starts_on + TOUR,
    }
    moved = someone.printed_name == BROUGHT_FORWARD
    planned = values | ({"starts_on": starts_on + DAYS} if moved else {})
    made = deployments.deploy(session, viewer, home, mission.id, planned, at=now)
    if moved:
        earlier = {"starts_on": starts_on}
        deployments.change(session, viewer, made.id, earlier, REASON, at=now)
    if someone.printed_name == UNFILLED:
        vacant = values | {"person_id": None, "post": VACANT_POST}
        deployments.deploy(session, viewer, home, mission.id, vacant, at=now)


def _first_day(someone: Invented, person: Person, now: datetime) -> date:
    today = day_at(now, person.organisation.time_zone)
    return today + timedelta(days=someone.departs_in)


def _rotations(
    session: Session, lead: Viewer, mission: Mission, going: Going, now: datetime
) -> dict[bool, Rotation]:
    found = {}
    for name, late in (("Rotation 7", False), ("Rotation 8", True)):
        days = [_first_day(one, person, now) for one, person in going if _late(one) is late]
        values = {"name": name, "starts_on": min(days), "ends_on": max(days) + TOUR}
        found[late] = rotations.make(session, lead, mission.id, values, at=now)
    return found


def _missions(session: Session, lead: Viewer, now: datetime) -> Mission:
    today = now.date()
    planning.make(
        session,
        lead,
        {
            "name": "EU Police Advisory Mission in Karsia (demonstration)",
            "framework": Framework.EU,
            "host_country": "Republic of Karsia",
            "status": MissionStatus.PREPARED,
            "conduct_inside": "Head of the conduct section, +000 555 0510 (example)",
        },
        today=today,
        at=now,
    )
    checked = dict.fromkeys(planning.CHECKED, today - CHECKED_BEFORE)
    return planning.make(session, lead, {**TARSA, **checked}, today=today, at=now)
