"""What assignments keep of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.taught import newest_titles
from training import i18n
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return every course that was ever assigned to a person."""
    records = list(_assigned(session, person_id))
    return (KeptSection("assignments", _("Training assigned to you"), records),)


def _assigned(session: Session, person_id: int) -> Iterator[Kept]:
    titles, language = newest_titles(session), i18n.content_language()
    query = select(Assignment).where(Assignment.person_id == person_id)
    for row in session.scalars(query.order_by(Assignment.course_id, Assignment.cycle)):
        value = _("Cycle %(number)s", number=row.cycle)
        if row.due_on:
            value += ", " + _("finish by %(day)s", day=i18n.day(row.due_on))
        yield Kept(
            "assignment",
            titles[row.course_id][language],
            value,
            row.assigned_by_id or _("The platform"),
            row.assigned_at,
            None,
            {"cycle": row.cycle, "due_on": row.due_on, "completed_at": row.completed_at},
        )
