"""What assignments add to the platform."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from modules.assignments import (
    demonstration,
    erasing,
    job,
    keeping,
    merging,
    reminding,
    services,
    views,
)
from modules.assignments.models import Assignment
from modules.catalogue.taught import newest_titles
from training import i18n
from training.accounts.models import Person
from training.erasure import Erasure
from training.handover import Merge
from training.parts import MailKind, Panel, PanelRow, Part, register
from training.permissions import Permission, Viewer


def init_app(app: Flask) -> None:
    """Add the pages of assigning."""
    app.register_blueprint(views.bp)
    part = Part(
        "assignments",
        panel=_panel,
        export=keeping.export,
        merge=Merge(merging.preview, merging.move, merging.undo),
        erasure=Erasure(erasing.erase, erasing.left, erasing.lasting, erasing.hold),
        check=merging.left_behind,
        demonstrate=demonstration.demonstrate,
        mails={
            services.MAIL: MailKind(_l("Training assigned"), "email/assigned.txt", _still_to_do),
            reminding.DUE: MailKind(_l("Training due soon"), "email/due.txt", _still_due),
            reminding.LATE: MailKind(_l("Training late"), "email/late.txt", _still_due),
            reminding.DIGEST: MailKind(
                _l("Counts of the week"), "email/digest.txt", _something_to_say, _counts
            ),
        },
        jobs={"reminders": job.run},
    )
    register(app, part)


def _still_to_do(
    session: Session, _person_id: int, arguments: Mapping[str, str], _now: datetime
) -> Mapping[str, str] | None:
    assignment = session.get(Assignment, int(arguments["id"]))
    open_ = assignment is not None and assignment.completed_at is None
    return {"home": "/"} if open_ else None


def _still_due(
    session: Session, _person_id: int, arguments: Mapping[str, str], _now: datetime
) -> Mapping[str, str] | None:
    return {"home": "/"} if reminding.still_due(session, arguments) else None


def _something_to_say(
    session: Session, person_id: int, _arguments: Mapping[str, str], now: datetime
) -> Mapping[str, str] | None:
    return {"progress": "/progress"} if any(_counts(session, person_id, now).values()) else None


def _counts(session: Session, person_id: int, now: datetime) -> Mapping[str, int]:
    return reminding.counted(session, person_id, at=now)


def _panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.ASSIGN):
        return None
    titles, language = newest_titles(session), i18n.content_language()
    rows = [
        PanelRow(titles[a.course_id][language], _state(a.completed_at is not None, a.due_on))
        for a in (o.assignment for o in services.of_person(session, person_id))
        if a.course_id in titles
    ]
    person = session.get_one(Person, person_id)
    to = url_for("assignments.assign", to=person.user_name)
    return Panel(
        _("Training"), tuple(rows), _("Assign training"), to, _("Nothing is assigned yet.")
    )


def _state(completed: bool, due_on: object) -> str:  # noqa: FBT001 - a private two-way answer
    if completed:
        return _("Finished")
    return _("Due date: %(day)s", day=i18n.day(due_on)) if due_on else _("No due date")  # type: ignore[arg-type]
