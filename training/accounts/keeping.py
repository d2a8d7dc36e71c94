"""What accounts keep of a person, for that person: who they are, how they get in, their log."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from training import i18n, retention
from training.accounts import entry, sessions
from training.accounts.forms import CATEGORIES, ROLES
from training.accounts.models import (
    HeldForm,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
    SignInSession,
    Throttle,
    Transfer,
    Unit,
)
from training.accounts.sign_in_throttle import Try
from training.audit import AuditEvent
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return who the person is, how they get in, where they were signed in, and the log."""
    wanted = select(Person).where(Person.id == person_id)
    options = (joinedload(Person.organisation), joinedload(Person.unit))
    person = session.scalars(wanted.options(*options)).one()
    events = _events(session, person_id)
    return (
        KeptSection("person", _("Who you are"), list(_person(person, events))),
        KeptSection("access", _("How you get in"), list(_access(session, person, events))),
        KeptSection("roles", _("Your roles"), list(_roles(session, person_id))),
        KeptSection("sessions", _("Where you were signed in"), list(_sessions(session, person))),
        KeptSection("log", _("Log of changes and readings"), list(_log(events, person_id))),
    )


def _events(session: Session, person_id: int) -> list[AuditEvent]:
    query = select(AuditEvent).where(
        AuditEvent.subject == "person", AuditEvent.subject_id == person_id
    )
    return list(session.scalars(query.order_by(AuditEvent.id)))


def _last(events: Sequence[AuditEvent], action: str, field: str | None = None) -> AuditEvent | None:
    """Return the last event of a kind; with a field, the last that changed it."""
    found = (e for e in reversed(events) if e.action == action)
    return next((e for e in found if field is None or field in e.detail.get("fields", ())), None)


def _person(person: Person, events: Sequence[AuditEvent]) -> Iterator[Kept]:
    created = _last(events, "person.created")
    for key, label, value in _fields(person):
        last = _last(events, "person.changed", key) or created
        by: int | str = _("Your organisation")
        if last is not None and last.actor_id is not None:
            by = last.actor_id
        at: datetime | None = last.at if last else person.created_at
        yield Kept(key, label, value, by, at, None)
    confirmed = _last(events, "name.confirmed")
    if person.confirmed_name is not None:
        at = confirmed.at if confirmed else None
        label = _("Name as you confirmed it")
        name = person.confirmed_name
        yield Kept("confirmed_name", label, name, person.id, at, None)


def _fields(person: Person) -> Iterator[tuple[str, str, str]]:
    """Return what is recorded, by the names under which its changes are written down."""
    found: tuple[tuple[str, str, str | None], ...] = (
        ("printed_name", _("Name as printed on the certificate"), person.printed_name),
        ("native_name", _("Name in own script"), person.native_name),
        ("user_name", _("User name"), person.user_name),
        ("personnel_number", _("Personnel number"), person.personnel_number),
        ("rank", _("Rank or grade"), person.rank),
        ("category", _("Category"), str(CATEGORIES[person.category])),
        ("organisation", _("Sending organisation"), person.organisation.name),
        ("unit_id", _("Unit"), person.unit.name if person.unit else None),
        ("language", _("Language"), i18n.LANGUAGES[person.language]),
        ("email", _("E-mail address"), person.email),
    )
    return ((key, label, value) for key, label, value in found if value)


def _access(session: Session, person: Person, events: Sequence[AuditEvent]) -> Iterator[Kept]:
    if person.password_hash is not None:
        chosen = _last(events, "password.chosen")
        value = _("A fingerprint of it, from which nobody can read it")
        at, until = chosen.at if chosen else None, _("Until you choose another one")
        yield Kept("password", _("Password"), value, person.id, at, until)
    if person.start_code_expires_at is not None:
        value = _("A fingerprint of it, from which nobody can read it")
        until = _("Until %(day)s", day=i18n.day(person.start_code_expires_at))
        yield Kept("start_code", _("Start code"), value, _("Your organisation"), None, until)
    if person.access_reset_at is not None:
        label, by = _("Your access was reset"), person.access_reset_by or ""
        until = _("Until you say that you have seen it")
        yield Kept("access_reset", label, "", by, person.access_reset_at, until)
    yield from _second_step(session, person.id)
    yield from _tries(session, person)
    yield from _forms(session, person.id)
    yield from _transfers(session, person.id)


def _second_step(session: Session, person_id: int) -> Iterator[Kept]:
    factor = session.get(SecondFactor, person_id)
    if factor is None:
        return
    unused = select(func.count()).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    left = session.scalar(unused) or 0
    value = ngettext("%(num)s recovery code is left", "%(num)s recovery codes are left", left)
    label, until = _("Second step"), _("Until it is reset")
    yield Kept("second_step", label, value, person_id, factor.set_up_at, until)


def _tries(session: Session, person: Person) -> Iterator[Kept]:
    key = Try(entry.account(person.user_name), "").account_key
    row = session.get(Throttle, key)
    if row is not None and row.failures:
        label, by = _("Sign-ins that failed"), _("The platform")
        yield Kept("failed_sign_ins", label, str(row.failures), by, row.last_at, retention.days(1))


def _forms(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(HeldForm).where(HeldForm.person_id == person_id).order_by(HeldForm.id)
    for held in session.scalars(query):
        label, data = _("A form you sent after your session had ended"), held.fields
        until = retention.days(sessions.HELD_FOR.days)
        yield Kept("held_form", label, held.path, person_id, held.held_at, until, data)


def _transfers(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(Transfer).where(Transfer.person_id == person_id).order_by(Transfer.id)
    for row in session.scalars(query):
        done = row.to_organisation_id is not None
        value = _("used") if done else _("not used")
        label, by = _("Code to go to another organisation"), _("Your organisation")
        yield Kept("transfer", label, value, by, row.made_at, None)


def _roles(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(RoleGrant, Unit.name).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    theirs = query.where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    for grant, unit in session.execute(theirs):
        ends = grant.ends_on
        until = _("Until %(day)s", day=i18n.day(ends)) if ends else _("Until it is taken away")
        label, by = str(ROLES[grant.role]), _("Your organisation")
        data = {"role": grant.role, "ends_on": ends}
        yield Kept("role", label, unit or "", by, None, until, data)


def _sessions(session: Session, person: Person) -> Iterator[Kept]:
    query = select(SignInSession).where(SignInSession.person_id == person.id)
    rows = session.scalars(query.order_by(SignInSession.id)).all()
    until = retention.days(sessions.KEPT_FOR.days)
    if rows:
        value = ngettext("%(num)s sign-in", "%(num)s sign-ins", len(rows))
        data = [_browser(row) for row in rows]
        label, last = _("Your sign-ins, with the kind of browser"), rows[-1].last_seen_at
        yield Kept("sign_ins", label, value, _("The platform"), last, until, data)
    if (last_on := person.last_signed_in_on) is not None:
        label, value = _("The last day on which you signed in"), i18n.day(last_on)
        yield Kept("last_sign_in", label, value, _("The platform"), last_on, None)


def _browser(row: SignInSession) -> dict[str, str | bool | datetime | None]:
    return {
        "browser": row.browser,
        "own_device": row.own_device,
        "begun_at": row.created_at,
        "last_used_at": row.last_seen_at,
        "ended_at": row.ended_at,
    }


def _log(events: Sequence[AuditEvent], person_id: int) -> Iterator[Kept]:
    if events:
        who = {None: "platform", person_id: "you"}
        data = [
            {"at": e.at, "action": e.action, "by": who.get(e.actor_id, "somebody else")}
            for e in events
        ]
        value = ngettext("%(num)s entry", "%(num)s entries", len(events))
        label = _("When your record was changed, read or exported")
        by, last = _("The platform"), events[-1].at
        yield Kept("log", label, value, by, last, None, data)
