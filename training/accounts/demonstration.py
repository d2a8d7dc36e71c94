"""The demonstration: its people with their access, and the buttons to look around as them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from training import audit, db
from training.accounts import access, passwords, roles, services
from training.accounts.invented import (
    ORGANISATIONS,
    STAFF,
    Invented,
    InventedOrganisation,
    Stage,
    user_name,
)
from training.accounts.invented_roster import people as roster
from training.accounts.models import Category, Organisation, Person, Unit
from training.clock import day_at
from training.permissions import Grant, Role, Viewer

SHOWN = (
    {
        "label": _l("Deployee who has just begun"),
        "user_name": "sanne.velde",
        "description": _l("Sanne van der Velde, soldier, has read her first lesson."),
    },
    {
        "label": _l("Deployee in the middle of a test"),
        "user_name": "ilse.lindqvist",
        "description": _l("Ilse Lindqvist, police officer, has answered half of the questions."),
    },
    {
        "label": _l("Deployee with a certificate"),
        "user_name": "amira.haddad",
        "description": _l("Amira Haddad, civilian expert, has passed and confirmed her name."),
    },
    {
        "label": _l("Mission trainer"),
        "user_name": "willem.brouwer",
        "description": _l("Willem Brouwer assigns the course and sees who is late."),
    },
    {
        "label": _l("HR verifier"),
        "user_name": "noor.abbink",
        "description": _l("Noor Abbink checks certificates and puts documents right."),
    },
    {
        "label": _l("Commander of a unit"),
        "user_name": "rosa.hartog",
        "description": _l("Rosa Hartog sees who of her battalion is ready to leave."),
    },
    {
        "label": _l("Author and reviewer"),
        "user_name": "ingrid.solheim",
        "description": _l("Ingrid Solheim answers remarks and approves what is taught."),
    },
    {
        "label": _l("Administrator"),
        "user_name": "karin.oldenhof",
        "description": _l("Karin Oldenhof keeps the people and their roles."),
    },
)

KNOWN_FOR = timedelta(days=450)  # Longer than anything in the roster lies back.
CHECKED_BEFORE = timedelta(days=20)
ROLES_FOR = timedelta(days=3 * 365)
MOVED_AWAY = 13  # Whose address, by their place in the roster, takes no mail.
FILLED = "demonstration.filled"


@dataclass(frozen=True)
class _Place:
    """A unit, with who puts people in it."""

    unit_id: int
    category: Category
    viewer: Viewer
    prefix: str


def demonstrate(now: datetime) -> None:
    """Make the organisations with their units and people, as if they were known for a year."""
    # Nobody knows this password: one gets in by the buttons.
    hashed = passwords.hash_secret(secrets.token_urlsafe(32))
    with db.transaction() as session:
        if not first_time(session, "accounts", at=now):
            return
        at = now - KNOWN_FOR
        places = {
            key: place
            for plan in ORGANISATIONS
            for key, place in _organisation(session, plan, hashed, now).items()
        }
        for number, (unit, name, rank, language, held) in enumerate(STAFF, 100):
            someone = Invented(number, unit, name, rank, language, Stage.NEW, 0, 0)
            person = _person(session, places[unit], someone, hashed, at)
            for role in held:
                last = (now + ROLES_FOR).date()
                place = places[unit]
                roles.grant_role(
                    session, place.viewer, person.id, role, last, at=at, unit_id=place.unit_id
                )
        for someone in roster():
            # Who has not begun has never been in either, so that there are cards to print.
            own = None if someone.stage is Stage.NEW else hashed
            _person(session, places[someone.unit], someone, own, at)


def first_time(session: Session, part: str, *, at: datetime) -> bool:
    """Tell whether a part fills the demonstration for the first time, and note that it does."""
    query = select(audit.AuditEvent.id).where(
        audit.AuditEvent.action == FILLED, audit.AuditEvent.subject == part
    )
    if session.scalar(query.limit(1)) is not None:
        return False
    audit.record(session, FILLED, part, None, actor_id=None, at=at)
    return True


def people(session: Session) -> Sequence[tuple[Invented, Person]]:
    """Return those who go on mission, each with their record and its organisation."""
    plans = {someone.user_name: someone for someone in roster()}
    query = select(Person).where(Person.user_name.in_(plans))
    rows = session.scalars(query.options(joinedload(Person.organisation)).order_by(Person.id))
    return [(plans[person.user_name], person) for person in rows]


def holders(session: Session, role: Role) -> Mapping[int, Viewer]:
    """Return who holds a role, by the ids of their organisations."""
    names = [user_name(name) for _, name, _, _, held in STAFF if role in held]
    rows = session.execute(
        select(Person.id, Person.organisation_id).where(Person.user_name.in_(names))
    )
    return {home: Viewer(person, home, (Grant(role, home),)) for person, home in rows}


def _organisation(
    session: Session, plan: InventedOrganisation, hashed: str, now: datetime
) -> dict[str, _Place]:
    at, name = now - KNOWN_FOR, plan.administrator
    person = roles.create_administrator(session, plan.name, user_name(name), name, hashed, at=at)
    access.choose_password(session, person.id, hashed, session_id=0, at=at)
    home = session.get_one(Organisation, person.organisation_id)
    home.time_zone = plan.time_zone
    home.contact = plan.contact
    home.conduct_inside = plan.conduct_inside
    home.conduct_outside = plan.conduct_outside
    home.referral = plan.referral
    home.gender_adviser = plan.gender_adviser
    home.conduct_checked_on = day_at(now - CHECKED_BEFORE, plan.time_zone)
    viewer = Viewer(person.id, home.id, (Grant(Role.ADMINISTRATOR, home.id),))
    return _places(session, viewer, plan)


def _places(session: Session, viewer: Viewer, plan: InventedOrganisation) -> dict[str, _Place]:
    made: dict[str, _Place] = {}
    for part in plan.units:
        unit = Unit(organisation_id=viewer.organisation_id, name=part.name)
        unit.parent_id = made[part.parent].unit_id if part.parent else None
        session.add(unit)
        session.flush()
        made[part.key] = _Place(unit.id, part.category, viewer, plan.prefix)
    return made


def _person(
    session: Session, place: _Place, someone: Invented, hashed: str | None, at: datetime
) -> Person:
    name, prefix = someone.user_name, place.prefix
    domain = "invalid" if someone.number == MOVED_AWAY else "example"
    values = {
        "printed_name": someone.printed_name,
        "native_name": someone.native_name,
        "user_name": name,
        "personnel_number": f"{prefix}-{20_000 + 137 * someone.number}",
        "rank": someone.rank,
        "category": place.category,
        "unit_id": place.unit_id,
        "language": someone.language,
        # An address is optional, so every other person has none; one takes no mail any more.
        "email": f"{name}@{prefix.lower()}.{domain}" if someone.number % 2 else None,
    }
    person = services.create_person(session, place.viewer, values, at=at)
    if hashed is not None:
        access.choose_password(session, person.id, hashed, session_id=0, at=at)
    return person
