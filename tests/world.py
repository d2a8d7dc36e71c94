"""An organisation with everybody in it, another one, and something of each kind to ask for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.readiness.models import Waiver
from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from modules.assignments.models import Assignment
from modules.catalogue.models import Approval, Asset, Course, Lesson, Module
from modules.learning.models import Completion, Mode
from modules.remarks import services as remarks
from modules.remarks.models import Kind, Subject
from modules.remarks.services import Target
from modules.requirements.models import Requirement
from modules.requirements.validity import Span
from quizzes.attempts.models import Attempt
from tests.factories import NOW, TODAY, Factory
from training import clock
from training.accounts import sessions
from training.accounts.models import Organisation, Person, RoleGrant, SignInSession
from training.imports import services as imports
from training.imports.models import SetAside
from training.imports.people import SUBJECT as PEOPLE
from training.imports.subjects import Subject as ListSubject
from training.kept import corrections
from training.kept import services as kept
from training.kept.models import About
from training.mail.models import MailState, OutboxMail, Refusal
from training.merging.models import MergeRecord
from training.missions.models import Deployment, Mandate, Mission
from training.permissions import Grant, Role, Viewer
from training.rosters.services import SUBJECT as ROSTER

CODE = "0123456789ABCDEF"


@dataclass
class World:
    """Who may ask, and what stands in the addresses they ask for."""

    people: dict[str, Person | None]
    values: dict[str, Any]


def build(make: Factory, course: Course) -> World:
    """Make everything that an address can be about; it belongs to the deployee."""
    session, home = make.session, make.organisation()
    deployee = make.person(organisation=home)
    sessions.begin(session, deployee.id, own_device=False, at=NOW)
    signed_in = session.scalars(select(SignInSession)).one()
    colleague = make.person(Role.TRAINER, organisation=home)
    people: dict[str, Person | None] = {"nobody": None, "deployee": deployee}
    for role in Role:
        people[role.value] = make.person(role, organisation=home)
    people["stranger"] = make.person(Role.ADMINISTRATOR)
    attempt = _attempt(make, deployee, course)
    own = _document(make, deployee, attempt, DocumentState.READY)
    blocked = _document(make, colleague, attempt, DocumentState.BLOCKED)
    certificate = session.get_one(Certificate, own.certificate_id)
    commander = people["commander"]
    assert commander is not None
    mission = make.mission(lead_id=home.id)
    going = make.deployment(deployee, mission, unit_id=commander.unit_id)
    required = _requirement(session, home.id)
    values = _lesson(session) | {
        "filename": "training.css",
        "digest": _picture(session),
        "suffix": "png",
        "person_id": colleague.id,
        "session_id": signed_in.id,
        "grant_id": session.scalars(
            select(RoleGrant.id).where(RoleGrant.person_id == colleague.id)
        ).one(),
        "assignment_id": attempt.assignment_id,
        "attempt_id": attempt.id,
        "round_": 0,
        "position": 1,
        "certificate_id": certificate.id,
        "kind": "csv",
        "form": "csv",
        "action_id": 999,
        "unit_id": make.unit(home).id,
        "mission_id": going.mission_id,
        "deployment_id": going.id,
        **_rotation(make, mission),
        **_import(session, people["administrator"], mission),
        "document_id": blocked.id,
        "mail_id": _refused_mail(session, deployee),
        **_kept(session, deployee),
        "other_id": colleague.id,
        "merge_id": _merge(make, home, people["hr"]).id,
        "version_id": attempt.course_version_id,
        "approval_id": _approval(make, home.id, attempt.course_version_id),
        "remark_id": _remark(session, deployee, attempt.course_version_id),
        "requirement_id": required.id,
        "waiver_id": _waiver(session, going, required, colleague).id,
        "language": "en",
        "number": certificate.number,
        "code": CODE,
    }
    session.commit()
    return World(people, values)


def _waiver(
    session: Session, going: Deployment, required: Requirement, colleague: Person
) -> Waiver:
    waiver = Waiver(
        deployment_id=going.id,
        requirement_id=required.id,
        reason="Called up late.",
        authority="Head of operations",
        ends_on=going.ends_on,
        asked_by_id=colleague.id,
        asked_at=NOW,
    )
    session.add(waiver)
    session.flush()
    return waiver


def _rotation(make: Factory, mission: Mission) -> dict[str, Any]:
    """Let another organisation send somebody in a rotation, and say whom to the lead."""
    rotation, sent = make.rotation(mission), make.person()
    make.deployment(sent, mission, rotation_id=rotation.id)
    mandate = Mandate(
        rotation_id=rotation.id,
        organisation_id=sent.organisation_id,
        ends_on=clock.now().date() + timedelta(days=9),
        given_by_id=sent.id,
        given_at=NOW,
    )
    make.session.add(mandate)
    return {"rotation_id": rotation.id, "organisation_id": sent.organisation_id}


def _refused_mail(session: Session, person: Person) -> int:
    mail = OutboxMail(
        key="notice:1",
        person_id=person.id,
        kind="notice",
        arguments={},
        message_id="0" * 32,
        queued_at=NOW,
        finished_at=NOW,
        state=MailState.REFUSED,
        refusal=Refusal.ADDRESS,
    )
    session.add(mail)
    session.flush()
    return mail.id


def _merge(make: Factory, home: Organisation, by: Person | None) -> MergeRecord:
    assert by is not None
    kept = make.person(organisation=home)
    gone = make.person(organisation=home, is_active=False, merged_into_id=kept.id)
    record = MergeRecord(
        kept_id=kept.id,
        gone_id=gone.id,
        merged_by_id=by.id,
        merged_at=clock.now(),
        was_active=True,
        moved={},
    )
    make.session.add(record)
    make.session.flush()
    return record


def _kept(session: Session, person: Person) -> dict[str, Any]:
    paper = kept.want_paper(session, person.id, "en", at=NOW)
    kept.store(session, paper.id, b"%PDF", at=NOW)
    about = About.CERTIFICATE
    asked = corrections.ask(session, person.id, about, "Wrong.", "Right.", "token", at=NOW)
    return {"paper_id": paper.id, "request_id": asked.id}


def _approval(make: Factory, home: int, version_id: int) -> int:
    approval = Approval(
        course_version_id=version_id,
        organisation_id=home,
        function="Gender adviser",
        approved_on=TODAY,
        approved_at=NOW,
    )
    make.session.add(approval)
    make.session.flush()
    return approval.id


def _requirement(session: Session, home: int) -> Requirement:
    """Ask for the mission module, which nobody has."""
    row = Requirement(
        organisation_id=home,
        frameworks=[],
        categories=[],
        functions=[],
        rank_bands=[],
        span=Span.START,
        due_days_before=30,
        waivable=True,
        made_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def _remark(session: Session, person: Person, version_id: int) -> int:
    target = Target(Subject.LESSON, version_id, "conduct/report-and-protect")
    said = remarks.send(session, person.id, target, "en", Kind.UNCLEAR, "Why?", today=TODAY, at=NOW)
    return said.id


def _import(session: Session, administrator: Person | None, mission: Mission) -> dict[str, Any]:
    assert administrator is not None
    home = administrator.organisation_id
    viewer = Viewer(administrator.id, home, (Grant(Role.ADMINISTRATOR, home),))
    people = _list(session, viewer, PEOPLE, b"name,number\nAnna Bakker,B1\nBram Kok,B2\n", {})
    to = {"mission": str(mission.id), "mission_name": mission.name, "rotation_name": ""}
    days = b"name,start,end\nCas Dam,2027-03-01,2027-09-01\nDora Es,2027-03-01,2027-09-01\n"
    roster = _list(session, viewer, ROSTER, days, to | {"today": TODAY.isoformat()})
    return people | {f"rosters.{name}": value for name, value in roster.items()}


def _list(
    session: Session, viewer: Viewer, subject: ListSubject, data: bytes, to: dict[str, str]
) -> dict[str, Any]:
    home, token = viewer.organisation_id, subject.about.value * 4
    sheets = imports.understood(data, subject.vocabulary, "Europe/Amsterdam", NOW)
    upload = imports.keep(session, viewer, subject, token, data, sheets, to, at=NOW)
    session.flush()
    choices = {"category": "military", "language": "en", "make_units": "no"}
    found = {c.field or "personnel_number": c.index for c in sheets[0].columns}
    imports.choose(session, viewer, subject, upload.id, 0, found, choices)
    row = SetAside(
        organisation_id=home,
        about=subject.about,
        digest=token,
        row=3,
        cells={},
        field="",
        reason="No name.",
        set_aside_by_id=viewer.person_id,
        set_aside_at=NOW,
    )
    session.add(row)
    session.flush()
    return {"upload_id": upload.id, "row_id": row.id}


def _attempt(make: Factory, person: Person, course: Course) -> Attempt:
    assignment = make.assignment(person, course, cycle=2)
    make.read_all(assignment)
    return make.attempt(assignment)


def _document(make: Factory, person: Person, attempt: Attempt, state: DocumentState) -> Document:
    session = make.session
    course_id = session.get_one(Assignment, attempt.assignment_id).course_id
    course = session.get_one(Course, course_id)
    assignment = make.assignment(person, course, completed_at=NOW)
    until = TODAY.replace(year=TODAY.year + 2)
    completion = Completion(
        assignment_id=assignment.id,
        course_version_id=attempt.course_version_id,
        mode=Mode.ONLINE,
        minutes=60,
        achieved_on=TODAY,
        recorded_at=NOW,
        valid_until=until,
    )
    session.add(completion)
    session.flush()
    certificate = Certificate(
        completion_id=completion.id,
        person_id=person.id,
        organisation_id=person.organisation_id,
        course_id=course_id,
        number=f"AAAA-{person.id:04}",
        code=CODE,
        holder_name=person.printed_name,
        course_title={"en": "Core", "nl": "Kern"},
        version="0.1.0",
        minutes=60,
        module_titles=[{"en": "C6", "nl": "C6"}],
        partial=True,
        organisation="Home",
        achieved_on=TODAY,
        valid_from=TODAY,
        valid_until=until,
        components=[],
        demonstration=True,
        issued_at=NOW,
    )
    session.add(certificate)
    session.flush()
    document = Document(
        certificate_id=certificate.id, language="en", state=state, wanted_at=NOW, size=4
    )
    session.add(document)
    session.flush()
    if state is DocumentState.READY:
        session.add(DocumentContent(document_id=document.id, data=b"%PDF"))
    return document


def _lesson(session: Session) -> dict[str, Any]:
    lesson, module = session.execute(
        select(Lesson, Module.slug).join(Module).order_by(Lesson.position).limit(1)
    ).one()
    return {"lesson": lesson.slug, "lesson_id": lesson.id, "module": module}


def _picture(session: Session) -> str:
    picture = Asset(digest="0a" * 32, media_type="image/png", data=b"\x89PNG")
    session.add(picture)
    return picture.digest
