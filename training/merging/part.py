"""What merging adds to the platform."""

from collections.abc import Iterator, Sequence

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import clock, i18n
from training.accounts.models import Person
from training.erasure import Erasure
from training.merging import demonstration, erasing, services, views
from training.merging.models import MergeRecord
from training.parts import Kept, KeptSection, Panel, PanelRow, Part, register
from training.permissions import Permission, Viewer


def init_app(app: Flask) -> None:
    """Add the pages of merging."""
    app.register_blueprint(views.bp)
    part = Part(
        "merging",
        panel=_panel,
        export=_export,
        erasure=Erasure(erasing.erase, erasing.left),
        check=services.half_merged,
        demonstrate=demonstration.demonstrate,
    )
    register(app, part)


def _panel(session: Session, viewer: Viewer, person_id: int) -> Panel | None:
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return None
    records = services.of_person(session, person_id)
    rows = tuple(_rows(session, records, person_id))
    title = _("Two records of one person?")
    if any(record.gone_id == person_id for record in records):
        return Panel(title, rows)
    label = _("Merge with another record")
    nothing = _("When somebody turns out to have two records, make one of them.")
    return Panel(title, rows, label, url_for("merging.find", person_id=person_id), nothing)


def _rows(session: Session, records: Sequence[MergeRecord], person_id: int) -> Iterator[PanelRow]:
    others = {r.kept_id if r.gone_id == person_id else r.gone_id for r in records}
    query = select(Person.id, Person.printed_name, Person.user_name).where(Person.id.in_(others))
    names = {i: f"{name} ({user_name})" for i, name, user_name in session.execute(query)}
    for record in records:
        went = record.gone_id == person_id
        other = record.kept_id if went else record.gone_id
        label = _("Merged into") if went else _("Took over")
        yield PanelRow(label, names[other], url_for("people.person", person_id=other))
        until = record.merged_at + services.UNDO_FOR
        if until > clock.now():
            url = url_for("merging.ask_undo", merge_id=record.id)
            value = _("Take the two records apart again")
            yield PanelRow(_("Until %(day)s", day=i18n.day(until)), value, url)


def _export(session: Session, person_id: int) -> Sequence[KeptSection]:
    records = [
        Kept(
            "merge",
            _("Another record of you was joined with this one"),
            "",
            record.merged_by_id,
            record.merged_at,
            None,
        )
        for record in services.of_person(session, person_id)
    ]
    return (KeptSection("merges", _("Records of you that were joined"), records),)
